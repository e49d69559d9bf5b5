using Microsoft.Extensions.Options;
using StackExchange.Redis;
using Stateroom.Sessions;

namespace Stateroom.Redis.Connection;

/// <summary>Runs commands within the time that a caller waits, and turns every failure of Redis into one exception.</summary>
internal sealed class RedisCommands(RedisConnection connection, IOptions<RedisSessionOptions> options, TimeProvider time)
{
    private readonly RedisSessionOptions _options = options.Value;
    private int _pending;

    /// <summary>Commands that were sent, or are about to be, and not answered yet.</summary>
    public int Pending => Volatile.Read(ref _pending);

    public TimeSpan CallTimeout => _options.CallTimeout;

    /// <summary>The database, once something has run on it.</summary>
    public IDatabase Database => connection.GetAsync() is { IsCompletedSuccessfully: true, Result: var multiplexer } ? multiplexer.GetDatabase() : throw new TimeoutException();

    /// <summary>What a caller is told where Redis did not answer in time, or with an error.</summary>
    public static SessionStoreUnavailableException Unanswered(Exception reason) => new("Redis did not answer; try again shortly.", reason);

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

            if (Count() is { } refusal)
            {
                throw refusal;
            }

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

    /// <summary>Counts a command that is to be sent, unless too many are.</summary>
    /// <returns>What its caller is told then; null if it may be sent.</returns>
    public SessionStoreUnavailableException? Count()
    {
        if (Interlocked.Increment(ref _pending) <= _options.MaxPendingCommands)
        {
            return null;
        }

        Discount();
        return new("Too many commands wait for Redis; try again shortly.");
    }

    /// <summary>Counts a command no more.</summary>
    public void Discount() => Interlocked.Decrement(ref _pending);

    private static bool IsOutage(Exception exception) => exception is RedisException or RedisCommandException or TimeoutException or ObjectDisposedException;

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
