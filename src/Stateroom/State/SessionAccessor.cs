namespace Stateroom.State;

/// <summary>Carries the session along the asynchronous flow of a call, so that it is found from any service without being handed down.</summary>
internal sealed class SessionAccessor : ISessionAccessor
{
    private readonly AsyncLocal<SessionContext?> _current = new();

    public SessionContext? Current
    {
        get => _current.Value;
        set => _current.Value = value;
    }
}
