using System.Collections.Concurrent;
using Stateroom.Cli.Protocol;
using Stateroom.Cli.Verify.Histories;
using Stateroom.Cli.Verify.Profiles;

namespace Stateroom.Cli.Verify;

/// <summary>One run in one era: who may open sessions, and all that was seen.</summary>
internal sealed class EraRun(VerifyOptions options, IMcpSessions sessions, RunClock clock) : IDisposable
{
    /// <summary>How many kinds of answers are told apart.</summary>
    private const int MaxKinds = 20;

    private readonly ConcurrentDictionary<string, IMcpSession> _open = new();
    private readonly ConcurrentDictionary<string, long> _answers = new();
    private readonly ConcurrentQueue<string> _ids = new();
    private readonly CancellationTokenSource _stopping = new();
    private int _opened;
    private long _calls;

    public VerifyOptions Options => options;

    public Profile Profile => options.Profile;

    public IMcpSessions Sessions => sessions;

    public Era Era => sessions.Era;

    public RunClock Clock => clock;

    public Markers Markers { get; } = new();

    public History History { get; } = new();

    /// <summary>Every id that was given out.</summary>
    public IReadOnlyCollection<string> Ids => _ids;

    public long Calls => Interlocked.Read(ref _calls);

    public int Opened => _opened;

    public IReadOnlyDictionary<string, long> Answers => _answers;

    /// <summary>Cancelled when the time of the run is over: what is in progress goes on to its end.</summary>
    public CancellationToken Stopping => _stopping.Token;

    public void Stop() => _stopping.Cancel();

    /// <summary>Opens a session, however often it takes while the server is busy or being restarted.</summary>
    /// <exception cref="UsageException">The server refuses, and not for being busy.</exception>
    public async Task<IMcpSession> OpenAsync(string token, CancellationToken cancellationToken)
    {
        for (var attempt = 0; ; attempt++)
        {
            var (session, answer) = await sessions.OpenAsync(token, cancellationToken);
            Count(answer);
            if (session is not null)
            {
                Interlocked.Increment(ref _opened);
                _open[session.Id] = session;
                _ids.Enqueue(session.Id);
                return session;
            }

            if (attempt == 20 || (!answer.IsPassing && !answer.IsBusy))
            {
                throw new UsageException($"No session can be opened ({Era} era): {answer.Describe()}{Hint(answer)}");
            }

            await PauseAsync(answer, cancellationToken);
        }
    }

    /// <summary>Ends a session.</summary>
    public async Task<Answer> EndAsync(IMcpSession session, CancellationToken cancellationToken)
    {
        var answer = Count(await session.EndAsync(cancellationToken));
        if (IsEnded(answer))
        {
            _open.TryRemove(session.Id, out _);
        }

        return answer;
    }

    /// <summary>A session that turned out to be no more need not be ended.</summary>
    public void Forget(IMcpSession session) => _open.TryRemove(session.Id, out _);

    /// <summary>Makes a call, again where the server is busy or away.</summary>
    public async Task<Answer> SteadilyAsync(Func<Task<Answer>> send, CancellationToken cancellationToken)
    {
        for (var attempt = 0; ; attempt++)
        {
            var answer = Count(await send());
            if (attempt == 10 || (!answer.IsPassing && !answer.IsBusy))
            {
                return answer;
            }

            await PauseAsync(answer, cancellationToken);
        }
    }

    /// <summary>Ends what is still open.</summary>
    /// <returns>How many sessions could not be ended.</returns>
    public async Task<int> CloseAsync()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        await Parallel.ForEachAsync(_open.Values, new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (session, _) =>
        {
            try
            {
                var answer = await SteadilyAsync(() => session.EndAsync(patience.Token), patience.Token);
                if (IsEnded(answer))
                {
                    _open.TryRemove(KeyValuePair.Create(session.Id, session));
                }
            }
            catch (OperationCanceledException)
            {
                // It is counted as left open.
            }
        });
        return _open.Count;
    }

    /// <summary>Counts an answer.</summary>
    public Answer Count(Answer answer)
    {
        Interlocked.Increment(ref _calls);
        var kind = sessions.IsGone(answer) ? "unknown session" : answer.Describe();
        _answers.AddOrUpdate(_answers.Count < MaxKinds || _answers.ContainsKey(kind) ? kind : "other", 1, (_, n) => n + 1);
        return answer;
    }

    /// <summary>Waits before a call is made again.</summary>
    public Task PauseAsync(Answer answer, CancellationToken cancellationToken)
    {
        var pause = answer.RetryAfter ?? TimeSpan.FromMilliseconds(200);
        return Task.Delay(pause < TimeSpan.FromSeconds(2) ? pause : TimeSpan.FromSeconds(2), clock.Time, cancellationToken);
    }

    public void Dispose() => _stopping.Dispose();

    /// <summary>Whether the server acknowledged an end; in the stateless era a tool does.</summary>
    public bool IsAcknowledged(Answer end) => end.Status is >= 200 and < 300 && (Era is Era.Handshake || end.IsOk);

    private bool IsEnded(Answer end) => IsAcknowledged(end) || sessions.IsGone(end);

    private static string Hint(Answer answer) => answer.Status switch
    {
        401 => ". Give the callers' tokens: --token KEY, once for each caller.",
        403 => ". The token may not do that, or the server does not serve this host.",
        404 or 405 => ". Is this the MCP endpoint? It is often /mcp.",
        0 => ". Is the server running there?",
        200 => ". The answer names no session: the server may keep none in this era.",
        _ => ".",
    };
}
