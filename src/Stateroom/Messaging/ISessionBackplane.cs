namespace Stateroom.Messaging;

/// <summary>Carries signals between the instances that serve one set of sessions; in process, between the parts of one.</summary>
/// <remarks>A signal is delivered at most once. Whatever must not be lost is in a store before the signal is sent.</remarks>
public interface ISessionBackplane
{
    /// <summary>The name of this instance, unique among those alive, 1 to 32 characters of the base64url alphabet.</summary>
    string InstanceId { get; }

    /// <summary>Tells a signal to every instance that it concerns, this one included, and waits until the parts of this one have acted on it.</summary>
    /// <param name="signal">The signal.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="Sessions.SessionStoreUnavailableException">
    /// An answer or a cancellation could not be sent. Of the other signals the stores hold the truth, so their loss is no failure.
    /// </exception>
    ValueTask PublishAsync(SessionSignal signal, CancellationToken cancellationToken);

    /// <summary>Whether an instance is alive: one that is not will neither answer nor finish what it was doing.</summary>
    /// <param name="instance">The instance's name.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="Sessions.SessionStoreUnavailableException">It cannot be found out at the moment.</exception>
    ValueTask<bool> IsAliveAsync(string instance, CancellationToken cancellationToken);

    /// <summary>Has signals handed to a part of this instance.</summary>
    /// <param name="handler">Acts on a signal; quick, and without exceptions for signals that do not concern it.</param>
    /// <returns>Ends the subscription when disposed.</returns>
    IDisposable Subscribe(Func<SessionSignal, CancellationToken, ValueTask> handler);
}
