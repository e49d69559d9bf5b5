using Stateroom.Tenancy;

namespace Stateroom.AspNetCore.Tests.Stateless;

/// <summary>Who sends a request in these tests.</summary>
internal static class Person
{
    public static readonly Caller AcmeAlice = new(new TenantId("acme"), "alice");
    public static readonly Caller AcmeBob = new(new TenantId("acme"), "bob");
    public static readonly Caller GlobexAlice = new(new TenantId("globex"), "alice");
    public static readonly Caller Nobody = Caller.Anonymous;

    /// <summary>Of the same names as <see cref="Nobody"/>, but with a credential.</summary>
    public static readonly Caller Somebody = new(Nobody.Tenant, Nobody.Owner);
}
