using System.Buffers.Text;
using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Options;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using Stateroom.Sessions;
using Stateroom.SingleUse;
using Stateroom.State;

namespace Stateroom.AspNetCore.Stateless;

/// <summary>What travels through the client while it asks its user.</summary>
/// <param name="Session">The id of the session that the call opened before it asked; null if it opened none.</param>
/// <param name="Inner">What the handler itself wanted to find again.</param>
internal sealed record RequestState(string? Session, string? Inner);

/// <summary>
/// Seals <c>requestState</c> so that a client can neither read nor alter it, and so that it serves only the same caller's same request, for a while
/// and, where the options say so, once: MCP 2026-07-28, Multi Round-Trip Requests, Server Requirements. How long that is the shared clock says: another instance opens it.
/// </summary>
internal sealed class RequestStateProtector(IDataProtectionProvider provider, IUsedTokens used, ISharedClock clock, IOptions<SessionEndpointOptions> options)
{
    private readonly IDataProtector _protector = provider.CreateProtector("Stateroom.RequestState.v1");
    private readonly TimeSpan _lifetime = options.Value.RequestStateLifetime;
    private readonly bool _singleUse = options.Value.SingleUseRequestState;

    /// <summary>What a client hears whose request state does not serve, whatever the reason.</summary>
    public static McpProtocolException Refused() =>
        new("The requestState is not valid for this request or has expired. Send the request again without requestState and inputResponses.", McpErrorCode.InvalidParams);

    /// <summary>Seals a state for the retry of a request.</summary>
    /// <exception cref="SessionStoreUnavailableException">There is no key to seal it with at the moment, or the time is not known.</exception>
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
        try
        {
            return Base64Url.EncodeToString(_protector.Protect(buffer.ToArray()));
        }
        catch (CryptographicException e)
        {
            throw new SessionStoreUnavailableException("There is no key to seal a question with at the moment; try again shortly.", e);
        }
    }

    /// <summary>Opens a state that came back, and uses it up where it serves once: from then on it is spent, whatever becomes of the call.</summary>
    /// <exception cref="McpProtocolException">It is altered, late, another caller's, another request's, used up or not ours.</exception>
    /// <exception cref="SessionStoreUnavailableException">Whether it was used before, or what the time is, cannot be found out at the moment.</exception>
    public async ValueTask<RequestState> OpenAsync(string text, JsonRpcRequest request, SessionContext context, CancellationToken cancellationToken)
    {
        var now = await clock.GetUtcNowAsync(cancellationToken);
        var (sealedBytes, bytes) = Unprotect(text);
        using var reader = new BinaryReader(new MemoryStream(bytes));
        var sameRequest = reader.ReadBytes(SHA256.HashSizeInBytes).AsSpan().SequenceEqual(RequestDigest.Of(request, context));
        var left = TimeSpan.FromMilliseconds(reader.ReadInt64() - now.ToUnixTimeMilliseconds());
        if (!sameRequest || left <= TimeSpan.Zero)
        {
            throw Refused();
        }

        var state = new RequestState(ReadOptional(reader), ReadOptional(reader));
        return !_singleUse || await TryUseAsync(sealedBytes, context, left, cancellationToken) ? state : throw Refused();
    }

    /// <remarks>
    /// No two seals are alike and none can be changed, so its digest names it. It is remembered for another lifetime after its end: instances follow
    /// the shared clock, but not to the millisecond.
    /// </remarks>
    private ValueTask<bool> TryUseAsync(byte[] sealedBytes, SessionContext context, TimeSpan left, CancellationToken cancellationToken) =>
        used.TryUseAsync(context.Caller.Tenant, Base64Url.EncodeToString(SHA256.HashData(sealedBytes)), left + _lifetime, cancellationToken);

    /// <summary>Keys that are missing, revoked or out of reach refuse a state like any other fault: without it the client can call again.</summary>
    private (byte[] Sealed, byte[] Bytes) Unprotect(string text)
    {
        try
        {
            var sealedBytes = Base64Url.DecodeFromChars(text);
            return (sealedBytes, _protector.Unprotect(sealedBytes));
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
