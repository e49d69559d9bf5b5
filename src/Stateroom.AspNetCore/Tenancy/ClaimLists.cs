using System.Security.Claims;

namespace Stateroom.AspNetCore.Tenancy;

/// <summary>Identities and claims as the lists that they are kept in: they are gone through for each request, for which a list needs no object.</summary>
internal static class ClaimLists
{
    public static List<ClaimsIdentity> Of(ClaimsPrincipal user) => ListOf(user.Identities);

    public static List<Claim> Of(ClaimsIdentity identity) => ListOf(identity.Claims);

    private static List<T> ListOf<T>(IEnumerable<T> items) => items as List<T> ?? [.. items];
}
