using System.Collections.Concurrent;
using System.Text.Json.Serialization.Metadata;
using System.Threading.Channels;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace Peers.Floor;

/// <summary>Hands each request to a server of the SDK that is up and has nothing to do.</summary>
internal sealed class SdkServer(McpServerOptions options)
{
    private static readonly JsonTypeInfo<JsonRpcMessage> Message = Json.Type<JsonRpcMessage>();
    private readonly ConcurrentQueue<Line> _idle = new();

    public async Task AnswerAsync(HttpContext context)
    {
        var message = await Json.ReadAsync(context.Request, Message);
        if (message is not JsonRpcRequest)
        {
            context.Response.StatusCode = StatusCodes.Status202Accepted;
            return;
        }

        var line = _idle.TryDequeue(out var idle) ? idle : Raise();
        Json.Write(context.Response, await line.AskAsync(message), Message);
        _idle.Enqueue(line);
    }

    private Line Raise()
    {
        var line = new Line();
        var server = McpServer.Create(line, options);
        ThreadPool.UnsafeQueueUserWorkItem(_ => _ = server.RunAsync(), null);
        return line;
    }

    /// <summary>A transport that is memory: whoever makes the answer goes on as the HTTP side.</summary>
    private sealed class Line : ITransport
    {
        private readonly Channel<JsonRpcMessage> _questions = Channel.CreateUnbounded<JsonRpcMessage>(new() { SingleReader = true, AllowSynchronousContinuations = true });
        private TaskCompletionSource<JsonRpcMessage> _answer = new();

        public string? SessionId => null;

        public ChannelReader<JsonRpcMessage> MessageReader => _questions.Reader;

        public Task<JsonRpcMessage> AskAsync(JsonRpcMessage question)
        {
            var answer = _answer = new();
            _questions.Writer.TryWrite(question);
            return answer.Task;
        }

        public Task SendMessageAsync(JsonRpcMessage message, CancellationToken cancellationToken = default)
        {
            _answer.SetResult(message);
            return Task.CompletedTask;
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
