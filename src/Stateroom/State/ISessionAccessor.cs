namespace Stateroom.State;

/// <summary>Gives the session of the call that runs now: who calls, since when the room exists. For the state itself see <see cref="ISessionState{T}"/>.</summary>
public interface ISessionAccessor
{
    /// <summary>The session of the current call; null outside an MCP request.</summary>
    SessionContext? Current { get; }
}
