using System.Threading.Tasks.Sources;
using StackExchange.Redis;
using Stateroom.Redis.Diagnostics;

namespace Stateroom.Redis.Scripts;

/// <summary>
/// A run of a script on its way: it waits for its turn to be sent and then for Redis, no longer than a call may and its caller likes. What it waits for it is told itself,
/// as every call makes some of these: nothing else is made to wait.
/// </summary>
internal sealed class ScriptCall : IValueTaskSource<ScriptReply>
{
    private readonly ScriptRunner _runner;
    private readonly RedisScript.Form _script;
    private readonly RedisKey[] _keys;
    private readonly RedisValue[] _args;
    private readonly ScriptWatch? _watch;
    private readonly ExecutionContext? _context = ExecutionContext.Capture();
    private ManualResetValueTaskSourceCore<ScriptReply> _outcome;
    private CancellationTokenRegistration _cancellation;
    private Task<RedisResult>? _running;
    private long _sent;
    private bool _isUnknown;
    private bool _wasLate;
    private int _isOver;

    /// <param name="runner">What sends it and is told what becomes of it.</param>
    /// <param name="script">The script.</param>
    /// <param name="keys">Its KEYS.</param>
    /// <param name="args">Its ARGV; the first is filled in here.</param>
    /// <param name="watch">Told when it is over.</param>
    public ScriptCall(ScriptRunner runner, RedisScript.Form script, RedisKey[] keys, RedisValue[] args, ScriptWatch? watch)
    {
        (_runner, _script, _keys, _args, _watch) = (runner, script, keys, args, watch);
        Until = runner.Clock.Now + (long)runner.Commands.CallTimeout.TotalMilliseconds;
        Place = new(this);
    }

    public ValueTask<ScriptReply> Reply => new(this, _outcome.Version);

    /// <summary>Its place among those whose time runs.</summary>
    public LinkedListNode<ScriptCall> Place { get; }

    /// <summary>When its caller stops waiting, in milliseconds of this instance's monotonic clock.</summary>
    public long Until { get; }

    /// <summary>Lets the caller's token end the wait. Before it is sent.</summary>
    public void EndWith(CancellationToken cancellationToken) =>
        _cancellation = cancellationToken.UnsafeRegister(static (call, token) => ((ScriptCall)call!).End(new OperationCanceledException(token)), this);

    /// <summary>Ends the wait; what was sent may still be carried out.</summary>
    public void End(Exception exception)
    {
        if (TryFinish(exception))
        {
            // Whoever ends it has others to see to.
            _outcome.RunContinuationsAsynchronously = true;
            _outcome.SetException(exception);
        }
    }

    /// <summary>Sends it, unless its caller has gone, as a part of what its caller does: whoever watches the connection finds it there. Nobody goes on from here, as others are to be sent.</summary>
    public void Send()
    {
        if (Volatile.Read(ref _isOver) != 0)
        {
            _runner.Commands.Discount();
        }
        else if (_context is null)
        {
            Start();
        }
        else
        {
            ExecutionContext.Run(_context, static call => ((ScriptCall)call!).Start(), this);
        }
    }

    ScriptReply IValueTaskSource<ScriptReply>.GetResult(short token) => _outcome.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource<ScriptReply>.GetStatus(short token) => _outcome.GetStatus(token);

    void IValueTaskSource<ScriptReply>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _outcome.OnCompleted(continuation, state, token, flags);

    private void Start()
    {
        try
        {
            (_sent, _args[0]) = (_runner.Clock.Now, _runner.Clock.At(Until));
            var database = _runner.Commands.Database;
            _running = _isUnknown
                ? database.ScriptEvaluateAsync(_script.Text, _keys, _args, CommandFlags.DemandMaster)
                : database.ScriptEvaluateAsync(_script.Hash, _keys, _args, CommandFlags.DemandMaster);
        }
        catch (Exception exception)
        {
            _running = Task.FromException<RedisResult>(exception);
        }

        _running.ConfigureAwait(false).GetAwaiter().UnsafeOnCompleted(OnAnswered);
    }

    private void OnAnswered()
    {
        ScriptReply reply = default;
        Exception? failure = null;
        try
        {
            reply = new(_running!.GetAwaiter().GetResult());
            _runner.Clock.Learn(_sent, reply.Now);
        }
        catch (Exception exception)
        {
            failure = exception;
        }

        if (Volatile.Read(ref _isOver) == 0 && IsWorthAnother(reply, failure))
        {
            _runner.Send(this);
            return;
        }

        _runner.Commands.Discount();
        failure = failure is null ? null : _runner.Commands.Failure(failure);
        if (!TryFinish(failure))
        {
            return;
        }

        // An answer that refuses is no failure to those who watch Redis.
        if ((failure ?? reply.Refusal) is { } told)
        {
            _outcome.SetException(told);
        }
        else
        {
            _outcome.SetResult(reply);
        }
    }

    /// <summary>
    /// Whether to send it again: with its text, to a server that does not know it; once more, if it was late. It was in time, or nobody would read this: the clock is another one
    /// than before, as after a failover. Nothing was done yet.
    /// </summary>
    private bool IsWorthAnother(in ScriptReply reply, Exception? failure)
    {
        if (failure is RedisServerException { Kind: RedisErrorKind.NoScript } && !_isUnknown)
        {
            return _isUnknown = true;
        }

        return failure is null && reply.Status == ScriptReply.Late && !_wasLate && (_wasLate = true);
    }

    private bool TryFinish(Exception? exception)
    {
        if (Interlocked.Exchange(ref _isOver, 1) != 0)
        {
            return false;
        }

        _cancellation.Unregister();
        _runner.Timeouts.Remove(this);
        _watch?.End(exception);
        return true;
    }
}
