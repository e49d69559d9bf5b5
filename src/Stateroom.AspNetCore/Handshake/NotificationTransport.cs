using System.Threading.Channels;
using ModelContextProtocol.Protocol;
using Stateroom.Sessions;

namespace Stateroom.AspNetCore.Handshake;

/// <summary>Carries one notification of a client to the host's handlers. Nothing comes back: a notification has no stream to answer on.</summary>
internal sealed class NotificationTransport : ITransport
{
    private readonly Channel<JsonRpcMessage> _incoming = Channel.CreateBounded<JsonRpcMessage>(1);
    private readonly SessionKey _session;

    public NotificationTransport(SessionKey session, JsonRpcNotification notification)
    {
        _session = session;
        _incoming.Writer.TryWrite(notification);
        _incoming.Writer.Complete();
    }

    public string? SessionId => _session.Id;

    public ChannelReader<JsonRpcMessage> MessageReader => _incoming.Reader;

    public Task SendMessageAsync(JsonRpcMessage message, CancellationToken cancellationToken = default) =>
        message is JsonRpcRequest
            ? throw new InvalidOperationException("A client cannot be asked while one of its notifications is handled; ask within a request.")
            : Task.CompletedTask;

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
