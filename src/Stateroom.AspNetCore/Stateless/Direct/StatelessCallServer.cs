using System.Diagnostics.CodeAnalysis;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace Stateroom.AspNetCore.Stateless.Direct;

/// <summary>The server as a tool of the stateless era sees it whose call is run without one of the SDK's: it knows who asks, and passes on what the tool says before its answer.</summary>
[SuppressMessage("Usage", "MCPEXP002", Justification = "The SDK lets servers be derived from; what is asked of one is in this file.")]
internal sealed class StatelessCallServer(McpServerOptions options, JsonRpcMessageContext request, AnswerTransport transport, IServiceProvider services) : McpServer
{
    public override string? SessionId => null;

    public override string? NegotiatedProtocolVersion => request.ProtocolVersion;

    public override ClientCapabilities? ClientCapabilities => request.ClientCapabilities;

    public override Implementation? ClientInfo => request.ClientInfo;

    public override McpServerOptions ServerOptions => options;

    public override IServiceProvider? Services => services;

    [Obsolete("Logging is deprecated by MCP 2026-07-28.", DiagnosticId = "MCP9005")]
    public override LoggingLevel? LoggingLevel => null;

    public override bool IsMrtrSupported => true;

    public override Task SendMessageAsync(JsonRpcMessage message, CancellationToken cancellationToken = default)
    {
        message.Context = message.Context is null
            ? new() { RelatedTransport = transport }
            : throw new ArgumentException("Only transports give a message its context.", nameof(message));
        return transport.SendMessageAsync(message, cancellationToken);
    }

    public override Task<JsonRpcResponse> SendRequestAsync(JsonRpcRequest request, CancellationToken cancellationToken = default) => throw AnswerTransport.NoRequests();

    // The notifications of a client come in requests of their own.
    public override IAsyncDisposable RegisterNotificationHandler(string method, Func<JsonRpcNotification, CancellationToken, ValueTask> handler) => new Unheard();

    public override Task RunAsync(CancellationToken cancellationToken = default) => throw new InvalidOperationException("The server runs already.");

    public override ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private sealed class Unheard : IAsyncDisposable
    {
        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
