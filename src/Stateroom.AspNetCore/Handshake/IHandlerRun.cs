namespace Stateroom.AspNetCore.Handshake;

/// <summary>What the host does for a message of a session at this instance.</summary>
internal interface IHandlerRun
{
    /// <summary>Done when the handlers have run to their end.</summary>
    Task Handled { get; }

    /// <summary>The session is over.</summary>
    void End();
}
