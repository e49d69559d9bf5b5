using System.Runtime.CompilerServices;
using StackExchange.Redis;
using Stateroom.Redis.Connection;
using Stateroom.Redis.Diagnostics;
using Stateroom.Sessions;

namespace Stateroom.Redis.Scripts;

/// <summary>Runs scripts by their hash, and by their text where a server does not know them: at first, after SCRIPT FLUSH and after a failover.</summary>
internal sealed class ScriptRunner(RedisCommands commands, TimeProvider time, RedisMetrics? metrics = null)
{
    private readonly ServerClock _clock = new(time);

    /// <summary>How far the scripts' clock runs ahead of Redis's. For tests.</summary>
    public TimeSpan Skew { get; set; }

    /// <summary>Milliseconds on this instance's monotonic clock, ahead as far as the scripts' clock is.</summary>
    public long Now => _clock.Now + (long)Skew.TotalMilliseconds;

    /// <summary>Runs a script.</summary>
    /// <param name="script">The script.</param>
    /// <param name="keys">Its KEYS, all of one slot.</param>
    /// <param name="args">Its ARGV; the first is filled in here.</param>
    /// <param name="cancellationToken">Ends the wait; what was sent may still be carried out, but not after the time that a call may take.</param>
    /// <exception cref="SessionStoreUnavailableException">Redis did not answer in time, or with an error.</exception>
    public Task<ScriptReply> RunAsync(RedisScript script, RedisKey[] keys, RedisValue[] args, CancellationToken cancellationToken) =>
        RunPooledAsync(script, keys, args, cancellationToken).AsTask();

    /// <summary>The same for those that await it where they call it, and once: what carries it serves other runs then.</summary>
    /// <inheritdoc cref="RunAsync"/>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<ScriptReply> RunPooledAsync(RedisScript script, RedisKey[] keys, RedisValue[] args, CancellationToken cancellationToken)
    {
        if (!_clock.IsKnown)
        {
            await LearnTimeAsync(cancellationToken);
        }

        for (var isSecond = false; ; isSecond = true)
        {
            var sent = _clock.Now;
            args[0] = _clock.After(commands.CallTimeout);
            var watch = ScriptWatch.Begin(script, metrics, time);
            var form = script.At(Skew);
            RedisResult result;
            try
            {
                try
                {
                    result = await commands.RunAsync(form, isKnown: true, keys, args, cancellationToken);
                }
                catch (SessionStoreUnavailableException exception) when (exception.InnerException is RedisServerException { Kind: RedisErrorKind.NoScript })
                {
                    result = await commands.RunAsync(form, isKnown: false, keys, args, cancellationToken);
                }
            }
            catch (Exception exception)
            {
                watch.End(exception);
                throw;
            }

            watch.End();
            var reply = new ScriptReply(result);
            _clock.Learn(sent, reply.Now);

            // It was in time, or nobody would read this: the clock is another one than before, as after a failover. Nothing was done yet.
            if (reply.Status != ScriptReply.Late || isSecond)
            {
                return Checked(reply);
            }
        }
    }

    /// <summary>The time of Redis's clock, in milliseconds.</summary>
    /// <exception cref="SessionStoreUnavailableException">It is not known yet, and Redis did not answer.</exception>
    public async ValueTask<long> GetTimeAsync(CancellationToken cancellationToken)
    {
        if (!_clock.IsKnown)
        {
            await LearnTimeAsync(cancellationToken);
        }

        return _clock.After(Skew);
    }

    private static ScriptReply Checked(ScriptReply reply) => reply.Status switch
    {
        ScriptReply.Late => throw new SessionStoreUnavailableException("Redis answered too late; nothing was changed. Try again shortly."),
        ScriptReply.Newer => throw new SessionStoreUnavailableException("A newer version of this program wrote the session, and this one cannot read it. Finish the update."),
        _ => reply,
    };

    /// <summary>Asks for the time, once: from then on every answer tells it.</summary>
    private async Task LearnTimeAsync(CancellationToken cancellationToken)
    {
        var sent = _clock.Now;
        var parts = (RedisResult[])(await commands.RunAsync(database => database.ExecuteAsync("TIME", [], CommandFlags.DemandMaster), cancellationToken))!;
        _clock.Learn(sent, ((long)parts[0] * 1000) + ((long)parts[1] / 1000));
    }
}
