using Stateroom.Cli.Protocol;

namespace Stateroom.Cli.Load;

/// <summary>A server under load, and the sessions that are open there.</summary>
internal sealed class LoadTarget : IAsyncDisposable
{
    private const int OpenAtOnce = 8;

    private readonly McpEndpoint _endpoint;
    private readonly IMcpSessions _sessions;
    private readonly LoadOptions _options;
    private readonly TimeProvider _time;
    private readonly IMcpSession?[] _open;

    public LoadTarget(string name, IReadOnlyList<Uri> urls, LoadOptions options, TimeProvider time)
    {
        Name = name;
        _options = options;
        _time = time;
        _endpoint = new McpEndpoint(urls, options.Patience);
        _sessions = options.Era is Era.Handshake
            ? new HandshakeSessions(_endpoint)
            : new StatelessSessions(_endpoint, options.Handle ?? throw new UsageException("The profile has no handle, which the stateless era needs."));
        _open = new IMcpSession?[options.Sessions];
    }

    public string Name { get; }

    /// <summary>Everything that was measured here.</summary>
    public Meter Total { get; } = new();

    /// <summary>Opens the sessions.</summary>
    /// <exception cref="UsageException">One cannot be opened.</exception>
    public Task OpenAsync(CancellationToken cancellationToken) =>
        Parallel.ForAsync(0, _open.Length, new ParallelOptions { MaxDegreeOfParallelism = OpenAtOnce, CancellationToken = cancellationToken }, async (i, ct) =>
        {
            var (session, answer) = await _sessions.OpenAsync(TokenOf(i), ct);
            _open[i] = session ?? throw new UsageException(
                $"Session {i + 1} cannot be opened at {Name}: {answer.Describe()}. {(answer.IsBusy ? "A limit is reached: give fewer --sessions, or more --token." : "Check --url and --token.")}");
        });

    /// <summary>Loads it for a while.</summary>
    /// <param name="duration">For how long.</param>
    /// <param name="meter">Where to count.</param>
    /// <param name="cancellationToken">Ends it early.</param>
    public async Task RunAsync(TimeSpan duration, Meter meter, CancellationToken cancellationToken)
    {
        var start = _time.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, _open.Length).Select(i => Task.Run(() => CallAsync(i, start, duration, meter, cancellationToken), cancellationToken)));
        meter.Measured = _time.GetElapsedTime(start);
    }

    /// <summary>Ends the sessions.</summary>
    public async ValueTask DisposeAsync()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        try
        {
            await Parallel.ForEachAsync(
                _open.OfType<IMcpSession>(),
                new ParallelOptions { MaxDegreeOfParallelism = OpenAtOnce, CancellationToken = patience.Token },
                async (session, ct) => await session.EndAsync(ct));
        }
        catch (OperationCanceledException)
        {
            // The server does not answer any more; its idle timeout ends them.
        }

        _endpoint.Dispose();
    }

    /// <summary>
    /// One session's calls. At a constant rate each has a time at which it is due, and what a late one waited for those before it counts as its own latency:
    /// a server that stands still is seen by every call that it kept waiting, not by one (coordinated omission).
    /// </summary>
    private async Task CallAsync(int index, long start, TimeSpan duration, Meter meter, CancellationToken cancellationToken)
    {
        for (var n = 0; !cancellationToken.IsCancellationRequested; n++)
        {
            var due = _time.GetElapsedTime(start);
            if (_options.Rate is { } rate)
            {
                due = TimeSpan.FromSeconds(((n * _open.Length) + index) / rate);
                if (due < duration && due - _time.GetElapsedTime(start) is { Ticks: > 0 } wait)
                {
                    await Task.Delay(wait, _time, cancellationToken);
                }
            }

            if (due >= duration)
            {
                return;
            }

            if (_open[index] is not { } session)
            {
                return;
            }

            var answer = await session.CallAsync(_options.Call, null, null, cancellationToken);
            meter.Note(answer, _time.GetElapsedTime(start) - due);
            if (_sessions.IsGone(answer))
            {
                // The loss is counted; the load goes on with a new one.
                _open[index] = (await _sessions.OpenAsync(TokenOf(index), cancellationToken)).Session ?? session;
            }
        }
    }

    private string TokenOf(int index) => _options.Tokens[index % _options.Tokens.Count];
}
