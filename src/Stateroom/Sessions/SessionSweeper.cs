using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Stateroom.Diagnostics;
using Stateroom.Messaging;

namespace Stateroom.Sessions;

/// <summary>Gives back, every now and then, the memory of what has expired in process. Stores of another kind forget by themselves.</summary>
internal sealed class SessionSweeper : BackgroundService
{
    private readonly ISessionStore _store;
    private readonly ISessionOutbox _outbox;
    private readonly SessionLifecycle _lifecycle;
    private readonly ILogger _logger;
    private readonly PeriodicTimer _timer;

    public SessionSweeper(
        ISessionStore store, ISessionOutbox outbox, SessionLifecycle lifecycle,
        IOptions<SessionOptions> options, TimeProvider time, ILogger<SessionSweeper> logger)
    {
        _store = MeteredSessionStore.Innermost(store);
        _outbox = MeteredSessionOutbox.Innermost(outbox);
        _lifecycle = lifecycle;
        _logger = logger;
        _timer = new(options.Value.SweepInterval, time);
    }

    public override void Dispose()
    {
        _timer.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (await _timer.WaitForNextTickAsync(stoppingToken))
            {
                await SweepAsync(stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The host stops.
        }
    }

    internal async Task SweepAsync(CancellationToken cancellationToken)
    {
        try
        {
            (_outbox as InMemorySessionOutbox)?.Sweep();
            var expired = (_store as InMemorySessionStore)?.Sweep() ?? [];
            foreach (var session in expired)
            {
                await DropAsync(session);
            }

            if ((_outbox, _store) is (InMemorySessionOutbox outbox, InMemorySessionStore store))
            {
                outbox.Sweep(store);
            }

            if (expired.Count > 0)
            {
                Log.SessionsExpired(_logger, expired.Count);
            }
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            Log.SweepFailed(_logger, exception);
        }
    }

    private async Task DropAsync(SessionKey session)
    {
        try
        {
            await _lifecycle.ExpireAsync(session);
        }
        catch (Exception exception)
        {
            Log.CleanupFailed(_logger, SessionFingerprint.Of(session.Id), exception);
        }
    }
}
