using StackExchange.Redis;
using Stateroom.Redis.Connection;
using Stateroom.Redis.Diagnostics;
using Stateroom.Sessions;

namespace Stateroom.Redis.Scripts;

/// <summary>Runs scripts by their hash, and by their text where a server does not know them: at first, after SCRIPT FLUSH and after a failover.</summary>
internal sealed class ScriptRunner : IDisposable
{
    private readonly TimeProvider _time;
    private readonly RedisMetrics? _metrics;
    private readonly SendQueue _queue = new();

    public ScriptRunner(RedisCommands commands, TimeProvider time, RedisMetrics? metrics = null)
    {
        (Commands, _time, _metrics) = (commands, time, metrics);
        Clock = new(time);
        Timeouts = new(Clock, time);
    }

    /// <summary>How far the scripts' clock runs ahead of Redis's. For tests.</summary>
    public TimeSpan Skew { get; set; }

    /// <summary>Milliseconds on this instance's monotonic clock, ahead as far as the scripts' clock is.</summary>
    public long Now => Clock.Now + (long)Skew.TotalMilliseconds;

    /// <summary>The connection.</summary>
    public RedisCommands Commands { get; }

    /// <summary>Redis's clock.</summary>
    public ServerClock Clock { get; }

    /// <summary>The calls whose time runs.</summary>
    public CallTimeouts Timeouts { get; }

    /// <summary>Runs a script.</summary>
    /// <param name="script">The script.</param>
    /// <param name="keys">Its KEYS, all of one slot.</param>
    /// <param name="args">Its ARGV; the first is filled in here.</param>
    /// <param name="cancellationToken">Ends the wait; what was sent may still be carried out, but not after the time that a call may take.</param>
    /// <exception cref="SessionStoreUnavailableException">Redis did not answer in time, or with an error.</exception>
    public Task<ScriptReply> RunAsync(RedisScript script, RedisKey[] keys, RedisValue[] args, CancellationToken cancellationToken) =>
        AskAsync(script, keys, args, cancellationToken).AsTask();

    /// <summary>The same without a task.</summary>
    /// <inheritdoc cref="RunAsync"/>
    public ValueTask<ScriptReply> AskAsync(RedisScript script, RedisKey[] keys, RedisValue[] args, CancellationToken cancellationToken)
    {
        if (!Clock.IsKnown)
        {
            return LearnAndAskAsync(script, keys, args, cancellationToken);
        }

        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled<ScriptReply>(cancellationToken);
        }

        var watch = ScriptWatch.Begin(script, _metrics, _time);
        if (Commands.Count() is { } refusal)
        {
            watch?.End(refusal);
            return ValueTask.FromException<ScriptReply>(refusal);
        }

        var call = new ScriptCall(this, script.At(Skew), keys, args, watch);
        call.EndWith(cancellationToken);
        Timeouts.Add(call);
        Send(call);
        return call.Reply;
    }

    /// <summary>Sends a call, together with others that come now.</summary>
    public void Send(ScriptCall call) => _queue.Add(call);

    /// <summary>The time of Redis's clock, in milliseconds.</summary>
    /// <exception cref="SessionStoreUnavailableException">It is not known yet, and Redis did not answer.</exception>
    public async ValueTask<long> GetTimeAsync(CancellationToken cancellationToken)
    {
        if (!Clock.IsKnown)
        {
            await LearnTimeAsync(cancellationToken);
        }

        return Clock.After(Skew);
    }

    public void Dispose() => Timeouts.Dispose();

    private async ValueTask<ScriptReply> LearnAndAskAsync(RedisScript script, RedisKey[] keys, RedisValue[] args, CancellationToken cancellationToken)
    {
        await LearnTimeAsync(cancellationToken);
        return await AskAsync(script, keys, args, cancellationToken);
    }

    /// <summary>Asks for the time, once: from then on every answer tells it. It opens the connection too.</summary>
    private async Task LearnTimeAsync(CancellationToken cancellationToken)
    {
        var sent = Clock.Now;
        var parts = (RedisResult[])(await Commands.RunAsync(database => database.ExecuteAsync("TIME", [], CommandFlags.DemandMaster), cancellationToken))!;
        Clock.Learn(sent, ((long)parts[0] * 1000) + ((long)parts[1] / 1000));
    }
}
