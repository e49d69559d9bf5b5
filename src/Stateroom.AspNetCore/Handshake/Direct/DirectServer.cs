using System.Diagnostics.CodeAnalysis;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace Stateroom.AspNetCore.Handshake.Direct;

/// <summary>
/// The server as a tool sees it whose call is run without one of the SDK's: it knows the client and passes on what the tool says. Whatever more a tool wants of it,
/// such as a question to the client, a server of the SDK does that is raised then.
/// </summary>
[SuppressMessage("Usage", "MCPEXP002", Justification = "The SDK lets servers be derived from; what is asked of one is in this file.")]
internal sealed class DirectServer(Exchange exchange, KnownClient client, IServiceProvider services) : McpServer
{
    public override string? SessionId => exchange.Session.Id;

    public override string? NegotiatedProtocolVersion => client.Profile.ProtocolVersion;

    public override ClientCapabilities? ClientCapabilities => client.Profile.Capabilities;

    public override Implementation? ClientInfo => client.Profile.Info;

    public override McpServerOptions ServerOptions => client.Options;

    public override IServiceProvider? Services => services;

    // A session that has chosen one is served by the SDK.
    [Obsolete("Logging is deprecated by MCP 2026-07-28.", DiagnosticId = "MCP9005")]
    public override LoggingLevel? LoggingLevel => null;

    // A tool may ask by InputRequiredException in both eras.
    public override bool IsMrtrSupported => true;

    public override Task SendMessageAsync(JsonRpcMessage message, CancellationToken cancellationToken = default)
    {
        if (exchange.Host.Server is { } raised)
        {
            return raised.Server.SendMessageAsync(Own(message), cancellationToken);
        }

        return message is JsonRpcRequest
            ? throw new InvalidOperationException($"A request is sent by {nameof(SendRequestAsync)}, which waits for its answer.")
            : exchange.SendAsync(Own(message), cancellationToken);
    }

    public override Task<JsonRpcResponse> SendRequestAsync(JsonRpcRequest request, CancellationToken cancellationToken = default) =>
        exchange.Host.Raise(client.Raise).Server.SendRequestAsync(Own(request), cancellationToken);

    public override IAsyncDisposable RegisterNotificationHandler(string method, Func<JsonRpcNotification, CancellationToken, ValueTask> handler) =>
        exchange.Host.Raise(client.Raise).Server.RegisterNotificationHandler(method, handler);

    public override Task RunAsync(CancellationToken cancellationToken = default) => throw new InvalidOperationException("The server runs already.");

    // What it holds is the exchange's.
    public override ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private TMessage Own<TMessage>(TMessage message)
        where TMessage : JsonRpcMessage
    {
        message.Context = message.Context is null
            ? new() { RelatedTransport = exchange.Call }
            : throw new ArgumentException("Only transports give a message its context.", nameof(message));
        return message;
    }
}
