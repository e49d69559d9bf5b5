using Stateroom.Cli.Protocol;
using Stateroom.Cli.Verify.Checks;
using Stateroom.Cli.Verify.Probes;
using Stateroom.Cli.Verify.Workload;

namespace Stateroom.Cli.Verify;

/// <summary>Drives a server in each era and judges what was seen.</summary>
internal sealed class Verification(VerifyOptions options, TimeProvider time)
{
    private static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(250);

    private readonly List<CheckReport> _checks = [];
    private readonly Dictionary<string, long> _answers = [];
    private readonly RunClock _clock = new(time);
    private long _calls;
    private int _sessions;
    private int _leftOpen;

    /// <summary>Runs to the end, or to the cancellation; either way the sessions that it opened are ended.</summary>
    /// <param name="progress">Is told from time to time how far it is.</param>
    /// <param name="cancellationToken">Ends it early.</param>
    /// <exception cref="UsageException">It cannot run.</exception>
    public async Task<VerifyReport> RunAsync(IProgress<VerifyProgress> progress, CancellationToken cancellationToken)
    {
        using var endpoint = new McpEndpoint(options.Urls, options.Patience);
        foreach (var era in options.Eras)
        {
            if (Sessions(endpoint, era) is { } sessions)
            {
                await RunEraAsync(new EraRun(options, sessions, _clock), progress, cancellationToken);
            }
            else
            {
                _checks.Add(new("all", era, 0, CheckVerdict.NotChecked, "the profile has no handle"));
            }

            if (cancellationToken.IsCancellationRequested)
            {
                break;
            }
        }

        return new()
        {
            Profile = options.Profile.Name,
            Seed = options.Seed,
            Checks = _checks,
            Calls = _calls,
            Answers = _answers,
            Sessions = _sessions,
            LeftOpen = _leftOpen,
            Seconds = _clock.Elapsed.TotalSeconds,
            Completed = !cancellationToken.IsCancellationRequested,
        };
    }

    private IMcpSessions? Sessions(McpEndpoint endpoint, Era era) => era switch
    {
        Era.Handshake => new HandshakeSessions(endpoint),
        _ when options.Profile.Handle is { } handle => new StatelessSessions(endpoint, handle),
        _ => null,
    };

    private async Task RunEraAsync(EraRun run, IProgress<VerifyProgress> progress, CancellationToken cancellationToken)
    {
        using (run)
        {
            IReadOnlyList<CheckReport> probed = [];
            try
            {
                await LearnAsync(run, cancellationToken);
                probed = await DriveAsync(run, progress, cancellationToken);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                // What was seen until then counts.
            }
            finally
            {
                _leftOpen += await run.CloseAsync();
                Add(run);
            }

            _checks.AddRange(HistoryChecks.Run(run));
            _checks.AddRange(probed);
        }
    }

    private static async Task<IReadOnlyList<CheckReport>> DriveAsync(EraRun run, IProgress<VerifyProgress> progress, CancellationToken cancellationToken)
    {
        IProbe[] probes = [new ForeignUseProbe(), new AnswersProbe(), new IdsProbe(), new IdleProbe()];
        var probing = Task.WhenAll(probes.Select(p => p.RunAsync(run, cancellationToken)));
        var workload = RandomWorkload.RunAsync(run, cancellationToken);
        var began = run.Clock.Elapsed;
        var all = Task.WhenAll(probing, workload);
        while (!all.IsCompleted)
        {
            await Task.WhenAny(all, Task.Delay(Beat, run.Clock.Time, CancellationToken.None));
            var elapsed = run.Clock.Elapsed - began;
            progress.Report(new(run.Era, elapsed, run.Options.Duration, run.Calls, run.Opened));
            if (elapsed >= run.Options.Duration)
            {
                run.Stop();
            }
        }

        await all;
        return await probing;
    }

    /// <summary>Sees that a session can be opened at all, and what is said to those that never were.</summary>
    private static async Task LearnAsync(EraRun run, CancellationToken cancellationToken)
    {
        foreach (var token in run.Options.Tokens)
        {
            var session = await run.OpenAsync(token, cancellationToken);
            var nobody = run.Sessions.Use(token, MadeUpId.Like(session.Id, run.Ids));
            foreach (var answer in (Answer[])
                [
                    await run.SteadilyAsync(() => nobody.CallAsync(run.Profile.AnyRead.Call(), null, null, cancellationToken), cancellationToken),
                    await run.SteadilyAsync(() => nobody.EndAsync(cancellationToken), cancellationToken),
                ])
            {
                (run.Sessions as StatelessSessions)?.LearnGone(answer);
            }

            await run.EndAsync(session, cancellationToken);
        }
    }

    private void Add(EraRun run)
    {
        _calls += run.Calls;
        _sessions += run.Opened;
        foreach (var (answer, count) in run.Answers)
        {
            _answers[answer] = _answers.GetValueOrDefault(answer) + count;
        }
    }
}

/// <summary>How far a run is.</summary>
internal sealed record VerifyProgress(Era Era, TimeSpan Elapsed, TimeSpan Duration, long Calls, int Sessions);
