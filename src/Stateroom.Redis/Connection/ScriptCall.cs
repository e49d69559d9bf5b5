using System.Threading.Tasks.Sources;
using StackExchange.Redis;
using Stateroom.Redis.Scripts;

namespace Stateroom.Redis.Connection;

/// <summary>A script on its way: it waits for its turn to be sent and then for Redis, no longer than a call may and its caller likes.</summary>
internal sealed class ScriptCall : IValueTaskSource<RedisResult>
{
    private readonly RedisCommands _commands;
    private readonly IConnectionMultiplexer _multiplexer;
    private readonly RedisScript.Form _script;
    private readonly bool _isKnown;
    private readonly RedisKey[] _keys;
    private readonly RedisValue[] _args;
    private readonly ExecutionContext? _context = ExecutionContext.Capture();
    private ManualResetValueTaskSourceCore<RedisResult> _outcome;
    private CancellationTokenRegistration _cancellation;
    private Task<RedisResult>? _running;
    private int _isOver;

    /// <param name="commands">Told what becomes of it.</param>
    /// <param name="multiplexer">The connection.</param>
    /// <param name="script">The script.</param>
    /// <param name="isKnown">Whether its hash will do, as the server knows it.</param>
    /// <param name="keys">Its KEYS.</param>
    /// <param name="args">Its ARGV.</param>
    public ScriptCall(RedisCommands commands, IConnectionMultiplexer multiplexer, RedisScript.Form script, bool isKnown, RedisKey[] keys, RedisValue[] args)
    {
        (_commands, _multiplexer, _script, _isKnown, _keys, _args) = (commands, multiplexer, script, isKnown, keys, args);
        Place = new(this);
    }

    /// <summary>What Redis answers.</summary>
    public ValueTask<RedisResult> Answer => new(this, _outcome.Version);

    /// <summary>Its place among those whose time runs.</summary>
    public LinkedListNode<ScriptCall> Place { get; }

    /// <summary>When its time began.</summary>
    public long Begun { get; set; }

    /// <summary>Lets the caller's token end the wait. Before it is sent.</summary>
    public void EndWith(CancellationToken cancellationToken) =>
        _cancellation = cancellationToken.UnsafeRegister(static (call, token) => ((ScriptCall)call!).End(new OperationCanceledException(token)), this);

    /// <summary>Ends the wait; what was sent may still be carried out.</summary>
    public void End(Exception exception)
    {
        if (TryFinish())
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
            _commands.Discount();
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

    RedisResult IValueTaskSource<RedisResult>.GetResult(short token) => _outcome.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource<RedisResult>.GetStatus(short token) => _outcome.GetStatus(token);

    void IValueTaskSource<RedisResult>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _outcome.OnCompleted(continuation, state, token, flags);

    private void Start()
    {
        try
        {
            var database = _multiplexer.GetDatabase();
            _running = _isKnown
                ? database.ScriptEvaluateAsync(_script.Hash, _keys, _args, CommandFlags.DemandMaster)
                : database.ScriptEvaluateAsync(_script.Text, _keys, _args, CommandFlags.DemandMaster);
        }
        catch (Exception exception)
        {
            _running = Task.FromException<RedisResult>(exception);
        }

        _running.ConfigureAwait(false).GetAwaiter().UnsafeOnCompleted(OnAnswered);
    }

    private void OnAnswered()
    {
        _commands.Discount();
        var failure = _running!.Exception?.InnerException;
        if (!TryFinish())
        {
            return;
        }

        if (_running.IsCompletedSuccessfully)
        {
            _outcome.SetResult(_running.Result);
        }
        else
        {
            _outcome.SetException(failure is null ? new TaskCanceledException(_running) : _commands.Failure(failure));
        }
    }

    private bool TryFinish()
    {
        if (Interlocked.Exchange(ref _isOver, 1) != 0)
        {
            return false;
        }

        _cancellation.Unregister();
        _commands.Timeouts.Remove(this);
        return true;
    }
}
