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
    private readonly CancellationTokenSource _stopped = new();
    private readonly RequestServices _services;
    private readonly StreamableHttpServerTransport _transport;
    private readonly McpServer _server;
    private readonly Task _running;

    public StatelessServer(McpServerOptions options, ILoggerFactory loggers, RequestServices services)
    {
        _services = services;
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

    /// <summary>Serves a request.</summary>
    /// <returns>Done when the response is written. What the SDK does after that is to count and to log.</returns>
    public async Task ServeAsync(JsonRpcRequest request, AnswerStream answer, CancellationToken cancellationToken)
    {
        Uses++;
        _services.Answer = answer;
        await _transport.HandlePostRequestAsync(request, answer, cancellationToken);
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
