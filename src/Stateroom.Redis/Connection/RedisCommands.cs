using Microsoft.Extensions.Options;
using StackExchange.Redis;
using Stateroom.Redis.Scripts;
using Stateroom.Sessions;

namespace Stateroom.Redis.Connection;

/// <summary>Runs commands within the time that a caller waits, and turns every failure of Redis into one exception.</summary>
internal sealed class RedisCommands(RedisConnection connection, IOptions<RedisSessionOptions> options, TimeProvider time) : IDisposable
{
    private readonly RedisSessionOptions _options = options.Value;
    private readonly SendQueue _queue = new();
    private int _pending;

    /// <summary>Commands that were sent, or are about to be, and not answered yet.</summary>
    public int Pending => Volatile.Read(ref _pending);

    public TimeSpan CallTimeout => _options.CallTimeout;

    /// <summary>The scripts whose callers wait.</summary>
    public CallTimeouts Timeouts { get; } = new(options.Value.CallTimeout, time);

    /// <summary>What a caller is told where Redis did not answer in time, or with an error.</summary>
    public static SessionStoreUnavailableException Unanswered(Exception reason) => new("Redis did not answer; try again shortly.", reason);

    /// <summary>Runs a script; many that come together are sent together.</summary>
    /// <param name="script">The script.</param>
    /// <param name="isKnown">Whether its hash will do, as the server knows it.</param>
    /// <param name="keys">Its KEYS, all of one slot.</param>
    /// <param name="args">Its ARGV.</param>
    /// <param name="cancellationToken">Ends the wait; what was sent may still be carried out.</param>
    /// <exception cref="SessionStoreUnavailableException">Redis did not answer in time, or with an error.</exception>
    public ValueTask<RedisResult> RunAsync(RedisScript.Form script, bool isKnown, RedisKey[] keys, RedisValue[] args, CancellationToken cancellationToken)
    {
        var opening = connection.GetAsync();
        if (!opening.IsCompletedSuccessfully)
        {
            return new(RunAsync(
                static (multiplexer, run) => run.isKnown
                    ? multiplexer.GetDatabase().ScriptEvaluateAsync(run.script.Hash, run.keys, run.args, CommandFlags.DemandMaster)
                    : multiplexer.GetDatabase().ScriptEvaluateAsync(run.script.Text, run.keys, run.args, CommandFlags.DemandMaster),
                (script, isKnown, keys, args),
                cancellationToken));
        }

        cancellationToken.ThrowIfCancellationRequested();
        Count();
        var call = new ScriptCall(this, opening.Result, script, isKnown, keys, args);
        call.EndWith(cancellationToken);
        Timeouts.Add(call);
        _queue.Add(call);
        return call.Answer;
    }

    /// <summary>Runs something on the database.</summary>
    /// <param name="command">What to run.</param>
    /// <param name="cancellationToken">Ends the wait; what was sent may still be carried out.</param>
    /// <exception cref="SessionStoreUnavailableException">Redis did not answer in time, or with an error.</exception>
    public Task<T> RunAsync<T>(Func<IDatabase, Task<T>> command, CancellationToken cancellationToken) =>
        RunAsync(static (multiplexer, command) => command(multiplexer.GetDatabase()), command, cancellationToken);

    /// <inheritdoc cref="RunAsync{T}(Func{IDatabase, Task{T}}, CancellationToken)"/>
    public async Task<T> RunAsync<T, TState>(Func<IConnectionMultiplexer, TState, Task<T>> command, TState state, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Task<T>? running = null;
        var isCounted = false;
        try
        {
            var left = _options.CallTimeout;
            var opening = connection.GetAsync();
            if (!opening.IsCompleted)
            {
                var begun = time.GetTimestamp();
                await opening.WaitAsync(left, time, cancellationToken);
                left -= time.GetElapsedTime(begun);
                if (left <= TimeSpan.Zero)
                {
                    throw new TimeoutException();
                }
            }

            Count();
            isCounted = true;
            running = command(await opening, state);
            return await running.WaitAsync(left, time, cancellationToken);
        }
        catch (Exception exception) when (IsOutage(exception))
        {
            throw Failure(exception);
        }
        finally
        {
            if (isCounted)
            {
                DiscountAfter(running);
            }
        }
    }

    /// <summary>What a failed command means to its caller.</summary>
    public Exception Failure(Exception exception)
    {
        if (exception is RedisConnectionException)
        {
            connection.Reconsider();
        }

        return IsOutage(exception) ? Unanswered(exception) : exception;
    }

    /// <summary>Counts a command no more.</summary>
    public void Discount() => Interlocked.Decrement(ref _pending);

    public void Dispose() => Timeouts.Dispose();

    private static bool IsOutage(Exception exception) => exception is RedisException or RedisCommandException or TimeoutException or ObjectDisposedException;

    private void Count()
    {
        if (Interlocked.Increment(ref _pending) > _options.MaxPendingCommands)
        {
            Discount();
            throw new SessionStoreUnavailableException("Too many commands wait for Redis; try again shortly.");
        }
    }

    /// <summary>Counts a command no more once Redis owes no answer to it, and looks at what failed after its caller had gone, which nobody else does.</summary>
    private void DiscountAfter(Task? running)
    {
        if (running is { IsCompleted: false })
        {
            _ = running.ContinueWith(
                static (done, self) => ((RedisCommands)self!).DiscountAfter(done), this, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
            return;
        }

        Discount();
        _ = running?.Exception;
    }
}
