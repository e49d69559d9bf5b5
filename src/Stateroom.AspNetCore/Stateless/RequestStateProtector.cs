using System.Buffers.Text;
using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Options;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using Stateroom.Sessions;
using Stateroom.State;

namespace Stateroom.AspNetCore.Stateless;

/// <summary>What travels through the client while it asks its user.</summary>
/// <param name="Session">The id of the session that the call opened before it asked; null if it opened none.</param>
/// <param name="Inner">What the handler itself wanted to find again.</param>
internal sealed record RequestState(string? Session, string? Inner);

/// <summary>
/// Seals <c>requestState</c> so that a client can neither read nor alter it, and so that it serves only the same caller's same request, for a while:
/// MCP 2026-07-28, Multi Round-Trip Requests, Server Requirements. It does not make an answer single-use. How long that is the shared clock says: another instance opens it.
/// </summary>
internal sealed class RequestStateProtector(IDataProtectionProvider provider, ISharedClock clock, IOptions<SessionEndpointOptions> options)
{
    private readonly IDataProtector _protector = provider.CreateProtector("Stateroom.RequestState.v1");
    private readonly TimeSpan _lifetime = options.Value.RequestStateLifetime;

    /// <summary>What a client hears whose request state does not serve, whatever the reason.</summary>
    public static McpProtocolException Refused() =>
        new("The requestState is not valid for this request or has expired. Send the request again without requestState and inputResponses.", McpErrorCode.InvalidParams);

    /// <summary>Seals a state for the retry of a request.</summary>
    public async ValueTask<string> SealAsync(RequestState state, JsonRpcRequest request, SessionContext context, CancellationToken cancellationToken)
    {
        var until = await clock.GetUtcNowAsync(cancellationToken) + _lifetime;
        using var buffer = new MemoryStream();
        using var writer = new BinaryWriter(buffer);
        writer.Write(RequestDigest.Of(request, context));
        writer.Write(until.ToUnixTimeMilliseconds());
        WriteOptional(writer, state.Session);
        WriteOptional(writer, state.Inner);
        writer.Flush();
        return Base64Url.EncodeToString(_protector.Protect(buffer.ToArray()));
    }

    /// <summary>Opens a state that came back.</summary>
    /// <exception cref="McpProtocolException">It is altered, late, another caller's, another request's or not ours.</exception>
    public async ValueTask<RequestState> OpenAsync(string text, JsonRpcRequest request, SessionContext context, CancellationToken cancellationToken)
    {
        var now = await clock.GetUtcNowAsync(cancellationToken);
        using var reader = new BinaryReader(new MemoryStream(Unprotect(text)));
        var sameRequest = reader.ReadBytes(SHA256.HashSizeInBytes).AsSpan().SequenceEqual(RequestDigest.Of(request, context));
        var inTime = now.ToUnixTimeMilliseconds() < reader.ReadInt64();
        return sameRequest && inTime ? new RequestState(ReadOptional(reader), ReadOptional(reader)) : throw Refused();
    }

    private byte[] Unprotect(string text)
    {
        try
        {
            return _protector.Unprotect(Base64Url.DecodeFromChars(text));
        }
        catch (Exception e) when (e is CryptographicException or FormatException)
        {
            throw Refused();
        }
    }

    private static void WriteOptional(BinaryWriter writer, string? text)
    {
        writer.Write(text is not null);
        if (text is not null)
        {
            writer.Write(text);
        }
    }

    private static string? ReadOptional(BinaryReader reader) => reader.ReadBoolean() ? reader.ReadString() : null;
}
