using System.Buffers.Text;
using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using StackExchange.Redis;
using Stateroom.Administration;
using Stateroom.Messaging;
using Stateroom.Redis.Administration;
using Stateroom.Redis.Connection;
using Stateroom.Redis.Diagnostics;
using Stateroom.Sessions;

namespace Stateroom.Redis.Messaging;

/// <summary>
/// Carries signals between instances by publish and subscribe: answers on a channel of the instance that asked, all others on one that every instance hears.
/// </summary>
internal sealed class RedisSessionBackplane : ISessionBackplane, IAsyncDisposable
{
    private const int InstanceBytes = 7;
    private const int LongestInstance = 32;

    private const int MostWaiting = 10_000;
    private const long MostWaitingBytes = 16 * 1024 * 1024;

    private readonly SignalSubscribers _subscribers;
    private readonly RedisConnection _connection;
    private readonly RedisCommands _commands;
    private readonly RedisKeys _keys;
    private readonly RedisInstanceDirectory _instances;
    private readonly InstanceSummary _self;
    private readonly RedisSessionOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly RedisMetrics? _metrics;
    private readonly Hearing _hearing = new(channels: 2);
    private readonly SignalBacklog _received = new(MostWaiting, MostWaitingBytes);
    private readonly List<ChannelMessageQueue> _queues = [];
    private readonly CancellationTokenSource _closing = new();
    private Task _running = Task.CompletedTask;

    public RedisSessionBackplane(
        RedisConnection connection, RedisCommands commands, RedisKeys keys, RedisInstanceDirectory instances, IOptions<RedisSessionOptions> options, TimeProvider time,
        ILogger<RedisSessionBackplane> logger, RedisMetrics? metrics = null)
    {
        _connection = connection;
        _commands = commands;
        _keys = keys;
        _instances = instances;
        _self = InstanceSummary.OfThisProcess(InstanceId);
        _options = options.Value;
        _time = time;
        _logger = logger;
        _subscribers = new(logger);
        _metrics = metrics;
        metrics?.Meter.CreateObservableGauge(StateroomRedisTelemetry.Hearing, () => IsHearing ? 1 : 0, description: "Whether this instance hears what others publish.");
        metrics?.Meter.CreateObservableGauge(StateroomRedisTelemetry.PendingCommands, () => commands.Pending, "{command}", "Commands that were sent to Redis and not answered yet.");
    }

    public string InstanceId { get; } = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(InstanceBytes));

    /// <summary>Whether what other instances publish is heard here.</summary>
    public bool IsHearing => _hearing.IsHearing;

    /// <summary>What was received and waits to be acted upon.</summary>
    internal SignalBacklog Received => _received;

    /// <summary>Begins to listen and to say that this instance is alive. Waits for nothing: where no Redis is there yet, both begin when it is.</summary>
    public void Start()
    {
        _connection.Restored += OnRestored;
        _running = Task.WhenAll(RunAsync(), ActAsync());
    }

    public async ValueTask PublishAsync(SessionSignal signal, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(signal);
        if (signal is SessionSignal.Answer answer && !string.Equals(answer.Instance, InstanceId, StringComparison.Ordinal))
        {
            // The name came from a client: what cannot be one was not asked here, and nobody hears it.
            if (IsInstance(answer.Instance))
            {
                await SendAsync(_keys.Answers(answer.Instance), signal, cancellationToken);
            }

            return;
        }

        await _subscribers.TellAsync(signal, cancellationToken);
        if (signal is SessionSignal.Answer or SessionSignal.Resync)
        {
            return;
        }

        try
        {
            await SendAsync(_keys.Control, signal, cancellationToken);
        }
        catch (SessionStoreUnavailableException exception) when (signal is not SessionSignal.Cancel)
        {
            Log.SignalLost(_logger, signal.GetType().Name, exception);
        }
    }

    public async ValueTask<bool> IsAliveAsync(string instance, CancellationToken cancellationToken) =>
        string.Equals(instance, InstanceId, StringComparison.Ordinal)
        || (IsInstance(instance) && await _commands.RunAsync(database => database.KeyExistsAsync(_keys.Instance(instance), CommandFlags.DemandMaster), cancellationToken));

    public IDisposable Subscribe(Func<SessionSignal, CancellationToken, ValueTask> handler)
    {
        ArgumentNullException.ThrowIfNull(handler);
        return _subscribers.Add(handler);
    }

    public async ValueTask DisposeAsync()
    {
        if (_closing.IsCancellationRequested)
        {
            return;
        }

        _connection.Restored -= OnRestored;
        await _closing.CancelAsync();
        await _running;
        if (_connection.IsConnected)
        {
            try
            {
                await _commands.RunAsync(database => database.KeyDeleteAsync(_keys.Instance(InstanceId)), CancellationToken.None);
                await _instances.LeaveAsync(_self, CancellationToken.None);
                await Task.WhenAll(_queues.Select(q => q.UnsubscribeAsync())).WaitAsync(_options.CallTimeout, _time);
            }
            catch (Exception exception) when (exception is SessionStoreUnavailableException or RedisException or TimeoutException)
            {
                // The key lapses by itself, and the connection takes the subscriptions with it.
            }
        }

        _closing.Dispose();
    }

    private static bool IsInstance(string name) =>
        name.Length is > 0 and <= LongestInstance && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_');

    private async Task SendAsync(RedisChannel channel, SessionSignal signal, CancellationToken cancellationToken)
    {
        using var span = SignalSpan.Send(signal);
        await SendAsync(channel, SignalCodec.Write(InstanceId, signal, SignalSpan.Context), cancellationToken);
        _metrics?.Sent(signal);
    }

    private Task<long> SendAsync(RedisChannel channel, byte[] message, CancellationToken cancellationToken) => _commands.RunAsync(
        static (multiplexer, send) => multiplexer.GetSubscriber().PublishAsync(send.Channel, send.Message), (Channel: channel, Message: message), cancellationToken);

    private void OnRestored() => _ = EchoAsync(lost: true);

    private void OnMessage(ChannelMessage message)
    {
        byte[] received = message.Message!;
        if (_received.TryAdd(received))
        {
            return;
        }

        if (received.Length > SignalBacklog.SmallBytes)
        {
            // An answer, which nobody finds by looking again; and whoever sends such in numbers must not make this instance look deaf.
            Log.AnswerDropped(_logger, received.Length);
            return;
        }

        // Too much at once. The echo that follows makes everybody look again.
        _ = EchoAsync(lost: true);
    }

    private async Task RunAsync()
    {
        await ListenAsync();
        await BeatAsync();
    }

    /// <summary>Subscribes. Where there is no connection yet the client keeps the subscriptions and makes them good later; the echoes tell when.</summary>
    private async Task ListenAsync()
    {
        try
        {
            var multiplexer = await _connection.GetAsync().WaitAsync(_closing.Token);
            var subscriber = multiplexer.GetSubscriber();

            // Queues keep the order. They are asked for without waiting, as one that was asked for in vain could not be given back.
            foreach (var channel in (RedisChannel[])[_keys.Answers(InstanceId), _keys.Control])
            {
                var queue = await subscriber.SubscribeAsync(channel, CommandFlags.FireAndForget);
                queue.OnMessage(OnMessage);
                _queues.Add(queue);
            }

            // Goes the same way as the subscriptions and so comes back after them.
            await subscriber.PingAsync().WaitAsync(_options.CallTimeout, _time, _closing.Token);
        }
        catch (Exception exception) when (exception is RedisException or TimeoutException or ObjectDisposedException)
        {
            Log.SubscriptionDelayed(_logger, exception);
        }
        catch (OperationCanceledException)
        {
            // The instance stops.
        }
    }

    /// <summary>Says again and again that this instance is alive, and listens for itself.</summary>
    private async Task BeatAsync()
    {
        using var timer = new PeriodicTimer(_options.HeartbeatInterval, _time);
        try
        {
            do
            {
                try
                {
                    await _commands.RunAsync(database => database.StringSetAsync(_keys.Instance(InstanceId), RedisValue.EmptyString, _options.InstanceTimeout), _closing.Token);
                    await EchoAsync(lost: false);
                    await _instances.EnterAsync(_self, _closing.Token);
                }
                catch (SessionStoreUnavailableException exception)
                {
                    Log.HeartbeatFailed(_logger, exception);
                    _hearing.Begin(lost: true);
                }
            }
            while (await timer.WaitForNextTickAsync(_closing.Token));
        }
        catch (OperationCanceledException)
        {
            // The instance stops.
        }
    }

    private async Task EchoAsync(bool lost)
    {
        try
        {
            var texts = _hearing.Begin(lost);
            await SendAsync(_keys.Answers(InstanceId), SignalCodec.WriteEcho(InstanceId, texts[0]), _closing.Token);
            await SendAsync(_keys.Control, SignalCodec.WriteEcho(InstanceId, texts[1]), _closing.Token);
        }
        catch (Exception exception) when (exception is SessionStoreUnavailableException or OperationCanceledException or ObjectDisposedException)
        {
            // The next beat tries again.
        }
    }

    /// <summary>Acts on what is received, in order.</summary>
    private async Task ActAsync()
    {
        try
        {
            await _received.DrainAsync(ActAsync, _closing.Token);
        }
        catch (OperationCanceledException)
        {
            // The instance stops.
        }
    }

    private async Task ActAsync(byte[] message)
    {
        if (!SignalCodec.TryRead(message, InstanceId, out var sender, out var signal, out var echo, out var context))
        {
            Log.SignalUnknown(_logger, message is [var format, ..] ? format : 0);
        }
        else if (signal is not null && !string.Equals(sender, InstanceId, StringComparison.Ordinal))
        {
            _metrics?.Received(signal);
            using var span = SignalSpan.Receive(signal, context);
            await _subscribers.TellAsync(signal, _closing.Token);
        }
        else if (echo is not null && string.Equals(sender, InstanceId, StringComparison.Ordinal) && _hearing.Hear(echo))
        {
            await _subscribers.TellAsync(new SessionSignal.Resync(), _closing.Token);
        }
    }
}
