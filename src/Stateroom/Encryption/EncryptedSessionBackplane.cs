using Stateroom.Messaging;

namespace Stateroom.Encryption;

/// <summary>
/// Encrypts what clients answer on its way to the instance that asked. The other signals say only that something happened; what happened is in the stores.
/// </summary>
internal sealed class EncryptedSessionBackplane(ISessionBackplane inner, ContentProtector protector) : ISessionBackplane
{
    public string InstanceId => inner.InstanceId;

    public ValueTask PublishAsync(SessionSignal signal, CancellationToken cancellationToken) => inner.PublishAsync(
        signal is SessionSignal.Answer answer ? answer with { Message = protector.Seal(answer.Message, PlaceOf(answer)) } : signal, cancellationToken);

    public ValueTask<bool> IsAliveAsync(string instance, CancellationToken cancellationToken) => inner.IsAliveAsync(instance, cancellationToken);

    public IDisposable Subscribe(Func<SessionSignal, CancellationToken, ValueTask> handler)
    {
        ArgumentNullException.ThrowIfNull(handler);
        return inner.Subscribe((signal, cancellationToken) => signal switch
        {
            SessionSignal.Answer answer => protector.Open(answer.Message, PlaceOf(answer)) is { } message
                ? handler(answer with { Message = message }, cancellationToken)
                : default,
            _ => handler(signal, cancellationToken),
        });
    }

    private static Place PlaceOf(SessionSignal.Answer answer) => Place.Answer(answer.Session, answer.Instance, answer.QuestionId);
}
