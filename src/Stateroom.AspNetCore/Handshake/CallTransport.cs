using System.Threading.Channels;
using ModelContextProtocol.Protocol;

namespace Stateroom.AspNetCore.Handshake;

/// <summary>What a handler sends through: its messages go to its own request's client, whichever server object runs it.</summary>
internal sealed class CallTransport(Exchange exchange) : ITransport
{
    public Exchange Exchange => exchange;

    public string? SessionId => exchange.Session.Id;

    public ChannelReader<JsonRpcMessage> MessageReader => throw new NotSupportedException("This transport only sends.");

    public Task SendMessageAsync(JsonRpcMessage message, CancellationToken cancellationToken = default) => exchange.SendAsync(message, cancellationToken);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
