using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace Stateroom.AspNetCore.Stateless;

/// <summary>
/// A server object of the SDK that is up for requests of the stateless era, one at a time. Who asks, and with which services, comes with each request,
/// and what a handler says goes to that request's response only, so nothing of one is left for the next.
/// </summary>
internal sealed class StatelessServer : IDisposable
{
    /// <summary>How long a client waits for the headers of a response whose first message takes its time.</summary>
    private static readonly TimeSpan _patience = TimeSpan.FromMilliseconds(250);

    private readonly CancellationTokenSource _stopped = new();
    private readonly RequestServices _services;
    private readonly TimeProvider _time;
    private readonly StreamableHttpServerTransport _transport;
    private readonly McpServer _server;
    private readonly Task _running;

    public StatelessServer(McpServerOptions options, ILoggerFactory loggers, RequestServices services, TimeProvider time)
    {
        _services = services;
        _time = time;
        _transport = new StreamableHttpServerTransport(loggers) { Stateless = true, FlowExecutionContextFromRequests = true };
        _server = McpServer.Create(_transport, options, loggers, services);

        // It outlives the request that raised it and must carry nothing of that request's context.
        using (ExecutionContext.SuppressFlow())
        {
            _running = _server.RunAsync(_stopped.Token);
        }
    }

    /// <summary>How many requests it has served.</summary>
    public int Uses { get; private set; }

    /// <summary>Whether it is over, as when a handler disposed of it.</summary>
    public bool IsOver => _running.IsCompleted;

    /// <summary>Serves a request, and answers as the SDK's endpoint does.</summary>
    /// <returns>Done when the response is written. What the SDK does after that is to count and to log.</returns>
    public async Task ServeAsync(HttpContext context, JsonRpcRequest request)
    {
        Uses++;
        var response = context.Response;
        response.ContentType = "text/event-stream";
        response.Headers.CacheControl = "no-cache,no-store";
        response.Headers.ContentEncoding = "identity";
        response.Headers["X-Accel-Buffering"] = "no";
        context.Features.GetRequiredFeature<IHttpResponseBodyFeature>().DisableBuffering();
        var answer = new AnswerStream(response, request, context.RequestAborted);
        _services.Answer = answer;

        // Waits for its callback, which must not meet the next response of the connection.
        await using (_time.CreateTimer(static answer => ((AnswerStream)answer!).Begin(), answer, _patience, Timeout.InfiniteTimeSpan))
        {
            await _transport.HandlePostRequestAsync(request, answer, context.RequestAborted);
        }

        _services.Answer = null;
    }

    /// <summary>Cancels the handler, if one still runs, and waits until it is gone.</summary>
    public async Task StopAsync()
    {
        await _transport.DisposeAsync();
        await _stopped.CancelAsync();
        await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <summary>Lets it go while it is idle.</summary>
    public void Dispose() => _ = StopAsync();
}
