using System.Collections.Concurrent;

namespace Stateroom.ScaleOut.Tests.Load;

/// <summary>Sessions that are called all the time, by a bounded number of workers, until the run is stopped.</summary>
internal sealed class LoadRun : IAsyncDisposable
{
    private const int LookEvery = 4;

    // The keys of the weather server's Development settings.
    private static readonly string[] Keys = ["dev-token", "acme-alice", "acme-bob", "globex-alice"];

    private readonly LoadSession[] _sessions;
    private readonly ConcurrentBag<CallResult> _failures = [];
    private readonly CancellationTokenSource _stopping = new();
    private Task _workers = Task.CompletedTask;
    private int _calls;
    private int _lost;
    private int _wrong;

    private LoadRun(LoadSession[] sessions) => _sessions = sessions;

    public IReadOnlyCollection<CallResult> Failures => _failures;

    public int Calls => _calls;

    public static async Task<LoadRun> StartAsync(Uri endpoint, int sessions, int workers)
    {
        var run = new LoadRun([.. Enumerable.Range(0, sessions).Select(i => new LoadSession(endpoint, Keys[i % Keys.Length], i))]);
        await Parallel.ForEachAsync(run._sessions, new ParallelOptions { MaxDegreeOfParallelism = workers }, async (session, _) => await session.OpenAsync());
        run._workers = Task.WhenAll(Enumerable.Range(0, workers).Select(w => Task.Run(() => run.WorkAsync(w, workers))));
        return run;
    }

    /// <summary>Waits until so many more calls were answered.</summary>
    public async Task AnswersAsync(int more, CancellationToken cancellationToken)
    {
        var goal = _calls + more;
        while (Volatile.Read(ref _calls) < goal && !_workers.IsCompleted)
        {
            await Task.Delay(10, cancellationToken);
        }
    }

    /// <summary>Stops the load and compares what each session counted with what was acknowledged.</summary>
    public async Task<LoadReport> StopAsync()
    {
        await _stopping.CancelAsync();
        await _workers;
        var tooFew = 0;
        var tooMany = 0;
        foreach (var session in _sessions)
        {
            var last = await session.LookAsync();
            Note(last);
            var counted = await session.ReadCountAsync();
            tooFew += Math.Max(0, session.Acknowledged - counted);
            tooMany += Math.Max(0, counted - session.Acknowledged - session.Unknown);
        }

        return new LoadReport(_sessions.Length, _calls, _sessions.Sum(s => s.Acknowledged), _failures.Count, _lost, _wrong, tooFew, tooMany);
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _workers.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        foreach (var session in _sessions)
        {
            session.Dispose();
        }

        _stopping.Dispose();
    }

    private async Task WorkAsync(int worker, int workers)
    {
        for (var round = 0; !_stopping.IsCancellationRequested; round++)
        {
            for (var i = worker; i < _sessions.Length && !_stopping.IsCancellationRequested; i += workers)
            {
                Note(round % LookEvery == LookEvery - 1 ? await _sessions[i].LookAsync() : await _sessions[i].CountAsync());
            }
        }
    }

    private void Note(CallResult result)
    {
        Interlocked.Increment(ref _calls);
        Interlocked.Add(ref _lost, result.Lost ? 1 : 0);
        Interlocked.Add(ref _wrong, result.Wrong ? 1 : 0);
        if (result.Failure is not null)
        {
            _failures.Add(result);
        }
    }
}

/// <summary>What came out of a run.</summary>
/// <param name="Sessions">How many sessions there were.</param>
/// <param name="Calls">How many calls were made.</param>
/// <param name="Acknowledged">How many writes were acknowledged.</param>
/// <param name="Failed">How many calls failed.</param>
/// <param name="LostSessions">How often a session was not found.</param>
/// <param name="WrongAnswers">How many answers were another session's or call's.</param>
/// <param name="LostWrites">How many acknowledged writes are not there.</param>
/// <param name="ExtraWrites">How many writes are there that nobody asked for.</param>
internal sealed record LoadReport(int Sessions, int Calls, int Acknowledged, int Failed, int LostSessions, int WrongAnswers, int LostWrites, int ExtraWrites);
