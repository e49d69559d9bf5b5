using System.Security.Claims;
using Microsoft.AspNetCore.Http;
using Stateroom.AspNetCore.Tenancy;
using Stateroom.Tenancy;

namespace Stateroom.Server.Tests.Authentication;

public sealed class ClaimsTenantResolverTests
{
    private static readonly Claim Tenant = new(StateroomClaims.Tenant, "acme");
    private static readonly Claim Owner = new(StateroomClaims.Owner, "alice");

    [Fact]
    public async Task An_authenticated_user_with_both_claims_is_a_caller() =>
        Assert.Equal(new Caller(new TenantId("acme"), "alice"), await ResolveAsync(Identity(Tenant, Owner)));

    [Fact]
    public async Task Nobody_is_a_caller_without_authentication() =>
        Assert.Null(await ResolveAsync(new ClaimsIdentity([Tenant, Owner])));

    [Fact]
    public async Task Claims_of_an_identity_that_is_not_authenticated_do_not_count() =>
        Assert.Null(await ResolveAsync(Identity(Tenant), new ClaimsIdentity([Owner])));

    [Fact]
    public async Task A_claim_that_is_there_twice_names_nobody() =>
        Assert.Null(await ResolveAsync(Identity(Tenant, Owner), Identity(new Claim(StateroomClaims.Tenant, "globex"))));

    [Theory]
    [InlineData("", "alice")]
    [InlineData("acme", "")]
    [InlineData(null, "alice")]
    [InlineData("acme", null)]
    public async Task A_claim_that_is_empty_or_missing_names_nobody(string? tenant, string? owner) =>
        Assert.Null(await ResolveAsync(Of(tenant, owner)));

    [Fact]
    public async Task A_claim_that_is_too_long_names_nobody()
    {
        Assert.Null(await ResolveAsync(Of(new string('t', TenantId.MaxLength + 1), "alice")));
        Assert.Null(await ResolveAsync(Of("acme", new string('o', 10_000))));
    }

    [Theory]
    [InlineData("a:{b}*", "o\r\nX: y")]
    [InlineData("\uD800", "\0")]
    public async Task Hostile_names_are_names_like_any_other(string tenant, string owner)
    {
        var caller = await ResolveAsync(Of(tenant, owner));
        Assert.Equal(tenant, caller!.Tenant.Value);
        Assert.Equal(owner, caller.Owner);
    }

    [Fact]
    public async Task A_credential_named_like_the_anonymous_caller_is_somebody_else() =>
        Assert.NotEqual(Caller.Anonymous, await ResolveAsync(Of("anonymous", "anonymous")));

    private static ClaimsIdentity Identity(params Claim[] claims) => new(claims, "test");

    private static ClaimsIdentity Of(string? tenant, string? owner) => Identity([
        .. tenant is null ? [] : new[] { new Claim(StateroomClaims.Tenant, tenant) },
        .. owner is null ? [] : new[] { new Claim(StateroomClaims.Owner, owner) }]);

    private static ValueTask<Caller?> ResolveAsync(params ClaimsIdentity[] identities) => new ClaimsTenantResolver().ResolveAsync(
        new DefaultHttpContext { User = new ClaimsPrincipal(identities) }, TestContext.Current.CancellationToken);
}
