using System.Diagnostics.CodeAnalysis;
using ModelContextProtocol.Protocol;
using Stateroom.Sessions;

namespace Stateroom.AspNetCore.Handshake;

/// <summary>The host's handlers of one notification. They run on when its HTTP request is answered, and end with the session.</summary>
/// <param name="session">The session.</param>
/// <param name="notification">What the client said.</param>
[SuppressMessage("Design", "CA1001", Justification = "A token source without a timer, whose wait handle nobody takes, holds nothing to dispose of.")]
internal sealed class NotificationRun(SessionKey session, JsonRpcNotification notification) : IHandlerRun
{
    private readonly CancellationTokenSource _ended = new();
    private readonly TaskCompletionSource _handled = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public NotificationTransport Transport { get; } = new(session, notification);

    /// <summary>Cancelled when the session is over.</summary>
    public CancellationToken Ended => _ended.Token;

    public Task Handled => _handled.Task;

    public void End() => _ = _ended.CancelAsync();

    public void Complete() => _handled.TrySetResult();
}
