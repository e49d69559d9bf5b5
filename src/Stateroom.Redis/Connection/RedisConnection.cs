using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using StackExchange.Redis;
using Stateroom.Redis.Diagnostics;

namespace Stateroom.Redis.Connection;

/// <summary>
/// The connection that store, outbox and backplane share. Opened here, it is closed here; one that the application gave is left open. Opening never fails:
/// where no Redis is there yet it goes on in the background, and calls fail until it succeeds.
/// </summary>
internal sealed class RedisConnection : IAsyncDisposable
{
    private const int LongestRoleCheckSeconds = 5;

    private static readonly TimeSpan RetryInterval = TimeSpan.FromSeconds(1);

    private readonly RedisSessionOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly IConnectionMultiplexer? _given;
    private readonly CancellationTokenSource _closing = new();
    private readonly Lazy<Task<IConnectionMultiplexer>> _opening;
    private long _reconsideredAt;

    /// <param name="options">The connection string and how long to wait.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">Told when the connection comes and goes.</param>
    /// <param name="given">The application's own connection; null to open one.</param>
    public RedisConnection(IOptions<RedisSessionOptions> options, TimeProvider time, ILogger<RedisConnection> logger, IConnectionMultiplexer? given = null)
    {
        _options = options.Value;
        _time = time;
        _logger = logger;
        _given = given;
        _opening = new(OpenAsync);
    }

    /// <summary>Raised when a connection that was lost is there again: what was published meanwhile is lost.</summary>
    public event Action? Restored;

    /// <summary>Whether Redis can be reached at the moment, as far as is known.</summary>
    public bool IsConnected => _opening is { IsValueCreated: true, Value: { IsCompletedSuccessfully: true, Result: var multiplexer } } && multiplexer.IsConnected;

    /// <summary>Gives the connection, opening it the first time.</summary>
    public Task<IConnectionMultiplexer> GetAsync() => _opening.Value;

    /// <summary>
    /// Has the servers looked at again, at most once a second: which is the primary, which are there. The client does so by itself, but after a promotion
    /// only at its next check of roles, some seconds later.
    /// </summary>
    public void Reconsider()
    {
        var (now, last) = (_time.GetTimestamp(), Volatile.Read(ref _reconsideredAt));
        if ((last == 0 || _time.GetElapsedTime(last, now) >= RetryInterval)
            && Interlocked.CompareExchange(ref _reconsideredAt, now, last) == last
            && _opening is { IsValueCreated: true, Value.IsCompletedSuccessfully: true })
        {
            _ = ReconsiderAsync(_opening.Value.Result);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync();
        if (_opening.IsValueCreated)
        {
            try
            {
                var multiplexer = await _opening.Value;
                multiplexer.ConnectionFailed -= OnFailed;
                multiplexer.ConnectionRestored -= OnRestored;
                if (_given is null)
                {
                    await multiplexer.DisposeAsync();
                }
            }
            catch (OperationCanceledException)
            {
                // It never opened.
            }
        }

        _closing.Dispose();
    }

    private async Task<IConnectionMultiplexer> OpenAsync()
    {
        var multiplexer = _given ?? await ConnectAsync();
        multiplexer.ConnectionFailed += OnFailed;
        multiplexer.ConnectionRestored += OnRestored;
        if (multiplexer.IsConnected)
        {
            Log.Connected(_logger);
        }
        else
        {
            Log.WaitingForRedis(_logger, null);
        }

        return multiplexer;
    }

    private async Task<IConnectionMultiplexer> ConnectAsync()
    {
        var configuration = ConfigurationOptions.Parse(
            _options.Configuration ?? throw new InvalidOperationException("No Redis connection is configured. Give a connection string to WithRedisSessions."));
        var milliseconds = (int)_options.CallTimeout.TotalMilliseconds;
        configuration.AbortOnConnectFail = false;
        configuration.BacklogPolicy = BacklogPolicy.FailFast;
        configuration.AsyncTimeout = milliseconds;
        configuration.SyncTimeout = milliseconds;
        configuration.ReconnectRetryPolicy = new LinearRetry((int)RetryInterval.TotalMilliseconds);
        configuration.ClientName ??= "stateroom";

        // How soon a replica is noticed that became the primary.
        configuration.ConfigCheckSeconds = Math.Min(configuration.ConfigCheckSeconds, LongestRoleCheckSeconds);
        _options.ConfigureConnection?.Invoke(configuration);
        while (true)
        {
            try
            {
                return await ConnectionMultiplexer.ConnectAsync(configuration);
            }
            catch (RedisException exception)
            {
                Log.WaitingForRedis(_logger, exception);
                await Task.Delay(RetryInterval, _time, _closing.Token);
            }
        }
    }

    private static async Task ReconsiderAsync(IConnectionMultiplexer multiplexer)
    {
        try
        {
            await multiplexer.ConfigureAsync();
        }
        catch (Exception exception) when (exception is RedisException or TimeoutException or ObjectDisposedException)
        {
            // The next call that fails has it tried again.
        }
    }

    private void OnFailed(object? sender, ConnectionFailedEventArgs args) => Log.ConnectionLost(_logger, args.ConnectionType, args.FailureType);

    private void OnRestored(object? sender, ConnectionFailedEventArgs args)
    {
        Log.ConnectionRestored(_logger, args.ConnectionType);
        Restored?.Invoke();
    }
}
