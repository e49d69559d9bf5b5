using Stateroom.Tenancy;

namespace Stateroom.Sessions;

/// <summary>
/// A caller's claim to a session: the id that it sent and who it proved to be. A store answers a claim only if all of it holds, and tells nobody which part did not.
/// </summary>
/// <param name="Caller">Who asks.</param>
/// <param name="Id">The id that was sent.</param>
/// <param name="Era">The era of the request.</param>
public readonly record struct SessionClaim(Caller Caller, string Id, SessionEra Era)
{
    /// <summary>The address that the claim leads to: always in the caller's own tenant.</summary>
    public SessionKey Key => new(Caller.Tenant, Id);

    /// <summary>Never the id itself.</summary>
    public override string ToString() => $"{Key} ({Era})";
}
