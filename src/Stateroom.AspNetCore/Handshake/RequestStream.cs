using System.Diagnostics.CodeAnalysis;
using System.Text;
using ModelContextProtocol.Protocol;
using Stateroom.Messaging;
using Stateroom.Sessions;

namespace Stateroom.AspNetCore.Handshake;

/// <summary>The stream of one request in the outbox: it begins with the request's id, and whatever is sent in parallel goes in one by one.</summary>
[SuppressMessage("Design", "CA1001", Justification = "A semaphore whose wait handle nobody takes holds nothing to dispose of.")]
internal sealed class RequestStream(ExchangeServices services, SessionKey session)
{
    private readonly SemaphoreSlim _order = new(1, 1);

    /// <summary>The name of the stream.</summary>
    public string Name { get; } = StreamName.New(services.Backplane.InstanceId);

    /// <summary>Begins the stream. Streams of instances that have died make room for it.</summary>
    /// <param name="request">The request, told to its client with an error if this instance dies before the response.</param>
    /// <returns>False if the session takes no more streams.</returns>
    /// <exception cref="SessionStoreUnavailableException">The outbox did not answer in time.</exception>
    public async Task<bool> BeginAsync(RequestId request)
    {
        var id = Encoding.UTF8.GetBytes(RequestIdText.Of(request));
        return await TryAsync() || (await services.Orphans.EndAllAsync(session, CancellationToken.None) && await TryAsync());

        async Task<bool> TryAsync() => await services.Outbox.AppendAsync(session, Name, OutboxItemKind.Begin, id, CancellationToken.None) != 0;
    }

    /// <summary>Adds an item and tells whoever reads the stream, here or elsewhere.</summary>
    /// <exception cref="SessionStoreUnavailableException">The outbox did not answer in time.</exception>
    public async Task AppendAsync(OutboxItemKind kind, ReadOnlyMemory<byte> data, CancellationToken cancellationToken)
    {
        await _order.WaitAsync(cancellationToken);
        try
        {
            await services.Outbox.AppendAsync(session, Name, kind, data, cancellationToken);
        }
        finally
        {
            _order.Release();
        }

        await services.Backplane.PublishAsync(new SessionSignal.Nudge(session, Name), cancellationToken);
    }
}
