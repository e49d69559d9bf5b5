using System.Buffers.Text;
using System.Collections.Immutable;
using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using Stateroom.Diagnostics;

namespace Stateroom.Messaging;

/// <summary>Carries signals between the parts of one instance.</summary>
public sealed class InMemorySessionBackplane : ISessionBackplane
{
    private readonly ILogger _logger;
    private ImmutableArray<Subscription> _subscriptions = [];

    /// <summary>Makes a backplane without subscribers.</summary>
    /// <param name="logger">Told of subscribers that fail.</param>
    public InMemorySessionBackplane(ILogger<InMemorySessionBackplane> logger) => _logger = logger;

    /// <inheritdoc/>
    public string InstanceId { get; } = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(9));

    /// <inheritdoc/>
    public ValueTask<bool> IsAliveAsync(string instance, CancellationToken cancellationToken) => new(instance == InstanceId);

    /// <inheritdoc/>
    /// <remarks>Subscribers act one after the other, in the order in which they subscribed. One that fails is logged and keeps the signal from none of the others.</remarks>
    public async ValueTask PublishAsync(SessionSignal signal, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(signal);
        cancellationToken.ThrowIfCancellationRequested();
        foreach (var subscription in _subscriptions)
        {
            try
            {
                await subscription.Handler(signal, cancellationToken);
            }
            catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
            {
                Log.SignalFailed(_logger, signal.GetType().Name, exception);
            }
        }
    }

    /// <inheritdoc/>
    public IDisposable Subscribe(Func<SessionSignal, CancellationToken, ValueTask> handler)
    {
        ArgumentNullException.ThrowIfNull(handler);
        var subscription = new Subscription(this, handler);
        ImmutableInterlocked.Update(ref _subscriptions, static (all, one) => all.Add(one), subscription);
        return subscription;
    }

    private sealed class Subscription(InMemorySessionBackplane backplane, Func<SessionSignal, CancellationToken, ValueTask> handler) : IDisposable
    {
        public Func<SessionSignal, CancellationToken, ValueTask> Handler { get; } = handler;

        public void Dispose() => ImmutableInterlocked.Update(ref backplane._subscriptions, static (all, one) => all.Remove(one), this);
    }
}
