using Stateroom.Sessions;

namespace Stateroom.AspNetCore.Handshake;

/// <summary>A request whose session was found to be its caller's, and what this instance holds of the session meanwhile.</summary>
internal sealed record FoundSession(HandshakeRequest Request, SessionRecord Session, KnownClient Client, LiveSession Place)
{
    /// <summary>The claim that it answered.</summary>
    public SessionClaim Claim => new(Request.Caller, Place.Key.Id, SessionEra.Handshake);
}
