using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Stateroom.AspNetCore.Endpoint;
using Stateroom.AspNetCore.Limits;
using Stateroom.Sessions;
using Stateroom.Tenancy;

namespace Stateroom.AspNetCore.Handshake;

/// <summary>A request of the handshake era, who makes it, whether it may be served, and what it was sent with, where it holds a single JSON-RPC request.</summary>
internal readonly record struct HandshakeRequest(HttpContext Context, Caller Caller, RequestAdmission Admission, JsonElement Parameters = default)
{
    /// <summary>The session id that the client sent, whatever it is; empty if none.</summary>
    public string SentId => Context.Request.Headers[McpHeaders.SessionId].ToString();

    /// <summary>The claim to the session that the client named; null where what it sent cannot be an id, so that no look-up is needed.</summary>
    public SessionClaim? Claim => SentId is var id && SessionId.IsWellFormed(id) ? new SessionClaim(Caller, id, SessionEra.Handshake) : null;

    /// <summary>Whether the client takes a media type; a missing <c>Accept</c> takes everything.</summary>
    public bool Accepts(string mediaType)
    {
        var accept = Context.Request.Headers.Accept;
        if (accept.Count == 0)
        {
            return true;
        }

        var text = accept.ToString();
        return text.Contains(mediaType, StringComparison.OrdinalIgnoreCase) || text.Contains("*/*", StringComparison.Ordinal)
            || text.Contains(string.Concat(mediaType.AsSpan(0, mediaType.IndexOf('/') + 1), "*"), StringComparison.OrdinalIgnoreCase);
    }
}
