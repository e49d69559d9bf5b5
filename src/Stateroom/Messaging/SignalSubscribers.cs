using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Stateroom.Diagnostics;

namespace Stateroom.Messaging;

/// <summary>The parts of an instance that act on signals.</summary>
internal sealed class SignalSubscribers(ILogger logger)
{
    private ImmutableArray<Subscription> _subscriptions = [];

    public IDisposable Add(Func<SessionSignal, CancellationToken, ValueTask> handler)
    {
        var subscription = new Subscription(this, handler);
        ImmutableInterlocked.Update(ref _subscriptions, static (all, one) => all.Add(one), subscription);
        return subscription;
    }

    /// <summary>Tells a signal to one part after the other, in the order in which they came. One that fails is logged and keeps the signal from none of the others.</summary>
    public async ValueTask TellAsync(SessionSignal signal, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        foreach (var subscription in _subscriptions)
        {
            try
            {
                await subscription.Handler(signal, cancellationToken);
            }
            catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
            {
                Log.SignalFailed(logger, signal.GetType().Name, exception);
            }
        }
    }

    private sealed class Subscription(SignalSubscribers subscribers, Func<SessionSignal, CancellationToken, ValueTask> handler) : IDisposable
    {
        public Func<SessionSignal, CancellationToken, ValueTask> Handler { get; } = handler;

        public void Dispose() => ImmutableInterlocked.Update(ref subscribers._subscriptions, static (all, one) => all.Remove(one), this);
    }
}
