using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using System.Threading.Channels;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace Peers.Floor;

/// <summary>Calls the SDK's tool itself: no server, no filters, no task of its own, no JSON tree between the bytes and the parameters.</summary>
internal sealed class ToolOnly(McpServerOptions options)
{
    private static readonly JsonTypeInfo<Call> CallType = Json.Type<Call>();
    private static readonly JsonTypeInfo<Answer> AnswerType = Json.Type<Answer>();

    // A tool is told of a server, which nobody runs here.
    private readonly McpServer _server = McpServer.Create(new Nowhere(), options);

    public async Task AnswerAsync(HttpContext context)
    {
        if (await Json.ReadAsync(context.Request, CallType) is not { Method: RequestMethods.ToolsCall, Parameters: { } parameters } call)
        {
            context.Response.StatusCode = StatusCodes.Status202Accepted;
            return;
        }

        if (!options.ToolCollection!.TryGetPrimitive(parameters.Name, out var tool))
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        var request = new JsonRpcRequest { Id = call.Id, Method = call.Method };
        var result = await tool.InvokeAsync(new RequestContext<CallToolRequestParams>(_server, request, parameters), context.RequestAborted);
        Json.Write(context.Response, new Answer("2.0", call.Id, result), AnswerType);
    }

    private sealed record Call(RequestId Id, string Method, [property: JsonPropertyName("params")] CallToolRequestParams? Parameters);

    private sealed record Answer([property: JsonPropertyName("jsonrpc")] string Version, RequestId Id, CallToolResult Result);

    private sealed class Nowhere : ITransport
    {
        public string? SessionId => null;

        public ChannelReader<JsonRpcMessage> MessageReader { get; } = Channel.CreateBounded<JsonRpcMessage>(1).Reader;

        public Task SendMessageAsync(JsonRpcMessage message, CancellationToken cancellationToken = default) => Task.CompletedTask;

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
