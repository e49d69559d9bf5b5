using Stateroom.Sessions;

namespace Stateroom.AspNetCore.Handshake;

/// <summary>A request whose session was found to be its caller's, and what this instance holds of the session meanwhile.</summary>
internal sealed record FoundSession(HandshakeRequest Request, SessionClaim Claim, SessionRecord Session, KnownClient Client, LiveSession Place);
