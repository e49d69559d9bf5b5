using System.Diagnostics.CodeAnalysis;
using System.Text;
using ModelContextProtocol.Protocol;
using Stateroom.Limits;
using Stateroom.Messaging;
using Stateroom.Sessions;
using Stateroom.Tenancy;

namespace Stateroom.AspNetCore.Handshake;

/// <summary>The stream of one request in the outbox: it begins with the request's id, and whatever is sent in parallel goes in one by one.</summary>
[SuppressMessage("Design", "CA1001", Justification = "A semaphore whose wait handle nobody takes holds nothing to dispose of.")]
internal sealed class RequestStream
{
    private readonly SemaphoreSlim _order = new(1, 1);
    private readonly ExchangeServices _services;
    private readonly SessionKey _session;
    private readonly IDisposable? _place;

    private RequestStream(ExchangeServices services, SessionKey session, IDisposable? place)
    {
        _services = services;
        _session = session;
        _place = place;
        Name = StreamName.New(services.Backplane.InstanceId);
    }

    /// <summary>The name of the stream.</summary>
    public string Name { get; }

    /// <summary>Begins a stream, with a place among those of its caller.</summary>
    /// <param name="services">What it uses.</param>
    /// <param name="caller">Whose session it is.</param>
    /// <param name="session">The session.</param>
    /// <param name="request">The request, told to its client with an error if this instance dies before the response.</param>
    /// <returns>Null if the caller or the session takes no more streams.</returns>
    /// <exception cref="SessionStoreUnavailableException">The outbox did not answer in time.</exception>
    public static async Task<RequestStream?> BeginAsync(ExchangeServices services, Caller caller, SessionKey session, RequestId request)
    {
        var admission = await services.Admission.AdmitAsync(new(caller) { Place = AdmissionPlace.Stream, Count = 1 }, CancellationToken.None);
        if (admission.PlaceRefusal is { } refusal)
        {
            services.Tally.Add(caller, refusal.Limit);
            return null;
        }

        var stream = new RequestStream(services, session, admission.Lease);
        var begun = false;
        try
        {
            begun = await stream.BeginAsync(request);
            return begun ? stream : null;
        }
        finally
        {
            if (!begun)
            {
                stream.Release();
            }
        }
    }

    /// <summary>Adds an item and tells whoever reads the stream, here or elsewhere.</summary>
    /// <exception cref="SessionStoreUnavailableException">The outbox did not answer in time.</exception>
    public async Task AppendAsync(OutboxItemKind kind, ReadOnlyMemory<byte> data, CancellationToken cancellationToken)
    {
        await _order.WaitAsync(cancellationToken);
        try
        {
            await _services.Outbox.AppendAsync(_session, Name, kind, data, cancellationToken);
        }
        finally
        {
            _order.Release();
        }

        await _services.Backplane.PublishAsync(new SessionSignal.Nudge(_session, Name), cancellationToken);
    }

    /// <summary>Gives its place back.</summary>
    public void Release() => _place?.Dispose();

    /// <summary>Streams of instances that have died make room for it.</summary>
    private async Task<bool> BeginAsync(RequestId request)
    {
        var id = Encoding.UTF8.GetBytes(RequestIdText.Of(request));
        return await TryAsync() || (await _services.Orphans.EndAllAsync(_session, CancellationToken.None) && await TryAsync());

        async Task<bool> TryAsync() => await _services.Outbox.AppendAsync(_session, Name, OutboxItemKind.Begin, id, CancellationToken.None) != 0;
    }
}
