using System.Buffers.Text;
using System.Security.Cryptography;
using Microsoft.Extensions.Logging;

namespace Stateroom.Messaging;

/// <summary>Carries signals between the parts of one instance.</summary>
public sealed class InMemorySessionBackplane : ISessionBackplane
{
    private readonly SignalSubscribers _subscribers;

    /// <summary>Makes a backplane without subscribers.</summary>
    /// <param name="logger">Told of subscribers that fail.</param>
    public InMemorySessionBackplane(ILogger<InMemorySessionBackplane> logger) => _subscribers = new(logger);

    /// <inheritdoc/>
    public string InstanceId { get; } = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(9));

    /// <inheritdoc/>
    /// <remarks>Subscribers act one after the other, in the order in which they subscribed. One that fails is logged and keeps the signal from none of the others.</remarks>
    public ValueTask PublishAsync(SessionSignal signal, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(signal);
        return _subscribers.TellAsync(signal, cancellationToken);
    }

    /// <inheritdoc/>
    /// <remarks>There is no other instance than this one.</remarks>
    public ValueTask<bool> IsAliveAsync(string instance, CancellationToken cancellationToken) => new(string.Equals(instance, InstanceId, StringComparison.Ordinal));

    /// <inheritdoc/>
    public IDisposable Subscribe(Func<SessionSignal, CancellationToken, ValueTask> handler)
    {
        ArgumentNullException.ThrowIfNull(handler);
        return _subscribers.Add(handler);
    }
}
