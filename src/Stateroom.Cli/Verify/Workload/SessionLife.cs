using Stateroom.Cli.Protocol;

namespace Stateroom.Cli.Verify.Workload;

/// <summary>The life of one session: it is opened, used by several callers at a time, ended while they write, and tried again after its end.</summary>
internal sealed class SessionLife(EraRun run, string token, int number)
{
    private const int Lanes = 3;
    private const int MinOperations = 40;
    private const int MaxOperations = 160;
    private const int MaxThinkMilliseconds = 20;
    private static readonly TimeSpan[] _probes = [TimeSpan.Zero, TimeSpan.Zero, TimeSpan.FromMilliseconds(50), TimeSpan.FromMilliseconds(300)];

    private int _left;

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var session = await run.OpenAsync(token, cancellationToken);
        var operations = new SessionOperations(run, session, number);
        var random = new Random(HashOf(lane: Lanes));
        _left = random.Next(MinOperations, MaxOperations);
        await Task.WhenAll(Enumerable.Range(0, Lanes).Select(lane => UseAsync(operations, new Random(HashOf(lane)), cancellationToken)));
        if (!operations.IsGone)
        {
            await operations.ReadAllAsync(random, cancellationToken);
        }

        if (operations.IsGone)
        {
            run.Forget(session);
            run.History.Losses.Enqueue(new(number, "a call", run.Clock.Now, run.Clock.Now, "unknown session", true, "nobody had ended it"));
            return;
        }

        await EndAsync(session, operations, random, cancellationToken);
    }

    private async Task UseAsync(SessionOperations operations, Random random, CancellationToken cancellationToken)
    {
        while (!run.Stopping.IsCancellationRequested && !operations.IsGone && Interlocked.Decrement(ref _left) >= 0)
        {
            await operations.AnyAsync(random, cancellationToken);
            await Task.Delay(TimeSpan.FromMilliseconds(random.Next(MaxThinkMilliseconds)), run.Clock.Time, cancellationToken);
        }
    }

    private async Task EndAsync(IMcpSession session, SessionOperations operations, Random random, CancellationToken cancellationToken)
    {
        // The end meets writes that have begun.
        var late = operations.WriteAllAsync(random, cancellationToken);
        await Task.Delay(TimeSpan.FromMilliseconds(random.Next(10)), run.Clock.Time, cancellationToken);
        var answer = await run.EndAsync(session, cancellationToken);
        var ended = run.Clock.Now;
        await late;
        if (!run.IsAcknowledged(answer))
        {
            // Nobody knows whether it ended, so nothing can be asked of it.
            return;
        }

        foreach (var pause in _probes)
        {
            await Task.Delay(pause, run.Clock.Time, cancellationToken);
            await ProbeAsync(session, run.Profile.AnyRead.Call(), ended, cancellationToken);
        }

        if (run.Profile.Choice is { } choice)
        {
            await ProbeAsync(session, choice.Write.Call(("value", choice.Values[0])), ended, cancellationToken);
        }
    }

    private async Task ProbeAsync(IMcpSession session, ToolCall call, long ended, CancellationToken cancellationToken)
    {
        var start = run.Clock.Now;
        var answer = await run.SteadilyAsync(() => session.CallAsync(call, null, null, cancellationToken), cancellationToken);
        run.History.AfterEnd.Enqueue(new(
            number, call.Tool, start, run.Clock.Now, answer.Describe(), answer.IsOk, $"its end was acknowledged at {Moment.Format(ended)}"));
    }

    /// <summary>The same for the same seed on every machine.</summary>
    private int HashOf(int lane) => unchecked((((run.Options.Seed * 397) ^ number) * 397) ^ lane);
}
