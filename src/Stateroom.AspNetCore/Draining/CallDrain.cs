using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Stateroom.AspNetCore.Handshake;

namespace Stateroom.AspNetCore.Draining;

/// <summary>
/// What happens to running calls when the server stops. Most answer in time. One that waits for its user is told that it waits in vain;
/// the streams of those that still run then are let go, so that their clients resume them at another instance, and the process waits for the handlers.
/// </summary>
internal sealed class CallDrain(IHostApplicationLifetime lifetime, LiveSessions live, IOptions<SessionEndpointOptions> options, TimeProvider time) : IHostedService, IDisposable
{
    private static readonly TimeSpan LastWords = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource _streamsEnd = new();
    private CancellationTokenRegistration _stopping;

    /// <summary>Cancelled when the streams of requests are to be let go.</summary>
    public CancellationToken StreamsEnd => _streamsEnd.Token;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _stopping = lifetime.ApplicationStopping.Register(() => _ = DrainAsync());
        return Task.CompletedTask;
    }

    /// <summary>Waits for handlers that run on although their client is away.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        foreach (var session in live.Snapshot())
        {
            await session.WhenHandledAsync().WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    public void Dispose()
    {
        _stopping.Dispose();
        _streamsEnd.Dispose();
    }

    private async Task DrainAsync()
    {
        try
        {
            await Task.Delay(options.Value.CallDrainTime, time, CancellationToken.None);
            foreach (var session in live.Snapshot())
            {
                session.GiveUpQuestions();
            }

            await Task.Delay(LastWords, time, CancellationToken.None);
            await _streamsEnd.CancelAsync();
        }
        catch (ObjectDisposedException)
        {
            // Everything had ended before.
        }
    }
}
