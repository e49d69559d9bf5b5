using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using Stateroom.AspNetCore.Handshake;

namespace Stateroom.AspNetCore;

/// <summary>What a handler can do with the stream of its request.</summary>
public static class RequestContextExtensions
{
    /// <summary>
    /// Lets the client's connection go while a long call runs on; the client comes back for what follows (MCP 2025-11-25, Transports, polling of streams).
    /// The SDK's own <c>EnablePollingAsync</c> knows only its own transport.
    /// </summary>
    /// <typeparam name="TParams">The request's parameters.</typeparam>
    /// <param name="request">The request.</param>
    /// <param name="retry">When the client should come back; zero or more.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Whether the connection was let go; false where the client could not come back (the stateless era, revisions before 2025-11-25, clients without event streams).</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="retry"/> is negative.</exception>
    public static ValueTask<bool> PauseStreamAsync<TParams>(this RequestContext<TParams> request, TimeSpan retry, CancellationToken cancellationToken = default)
        where TParams : RequestParams
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentOutOfRangeException.ThrowIfLessThan(retry, TimeSpan.Zero);
        return request.JsonRpcRequest.Context?.RelatedTransport is CallTransport call
            ? call.Exchange.PauseAsync(retry, cancellationToken)
            : ValueTask.FromResult(false);
    }
}
