using Microsoft.Extensions.Logging;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using Stateroom.AspNetCore.Diagnostics;
using Stateroom.AspNetCore.Handshake.Direct;
using Stateroom.Sessions;
using Stateroom.State;

namespace Stateroom.AspNetCore.Handshake;

/// <summary>Finds a server for an exchange and runs the handler to its end.</summary>
internal sealed class ExchangeRunner(
    HandshakeServerOptions options,
    DirectCalls direct,
    LiveSessions live,
    SessionAccessor accessor,
    McpOperations operations,
    ILoggerFactory loggers,
    ILogger<ExchangeRunner> logger,
    IServiceProvider services)
{
    /// <summary>Runs a request.</summary>
    /// <param name="exchange">The request.</param>
    /// <param name="client">Who the client is; null for <c>initialize</c>, which tells.</param>
    /// <param name="context">The session as the handler will see it; null for <c>initialize</c>.</param>
    /// <param name="place">Where it was taken in, and is let go when all is over; null for <c>initialize</c>.</param>
    public void Start(Exchange exchange, KnownClient? client, SessionContext? context, LiveSession? place)
    {
        // Not tied to the HTTP request: a client that lost its connection comes back for the response.
        _ = RunAsync(exchange, client, context, place);
    }

    /// <summary>Runs the host's handlers of a notification.</summary>
    /// <param name="run">The notification.</param>
    /// <param name="client">Who the client is.</param>
    /// <param name="context">The session as the handlers will see it.</param>
    /// <param name="onCompleted">Called when all is over.</param>
    public void Start(NotificationRun run, KnownClient client, SessionContext context, Action onCompleted)
    {
        _ = Task.Run(async () =>
        {
            try
            {
                accessor.Current = context;
                await using var server = McpServer.Create(run.Transport, options.For(client.Profile), loggers, services);
                await server.RunAsync(run.Ended);
            }
            catch (OperationCanceledException) when (run.Ended.IsCancellationRequested)
            {
                // The session is over.
            }
            catch (Exception e)
            {
                Log.HandlerFailed(logger, FailureText.Of(e));
            }
            finally
            {
                run.Complete();
                onCompleted();
            }
        });
    }

    private async Task RunAsync(Exchange exchange, KnownClient? client, SessionContext? context, LiveSession? place)
    {
        McpOperation? operation = null;
        try
        {
            accessor.Current = context;
            var level = context?.Session is { } session ? RememberedLogLevel.Of(session) : null;
            var call = level is null && client is not null ? direct.Read(exchange) : null;
            operation = operations.Begin(exchange.Request, client?.Profile.ProtocolVersion, context?.Session?.Key.Id, tool: call?.Name);
            if (client is null || call is null || !await direct.TryRunAsync(exchange, client, call))
            {
                await ServeAsync(exchange, client, level);
            }
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            Log.HandlerFailed(logger, FailureText.Of(e));
        }
        finally
        {
            try
            {
                await CompleteAsync(exchange);
                operation?.End(exchange.Answered);
            }
            finally
            {
                if (place is not null)
                {
                    live.Remove(place, exchange);
                }

                exchange.Announce();
            }
        }
    }

    private async Task ServeAsync(Exchange exchange, KnownClient? client, LoggingLevel? level)
    {
        exchange.Request.Context!.ExecutionContext = ExecutionContext.Capture();
        var server = exchange.Host.Server
            ?? (client is not null && level is null && MayShare(exchange.Request.Method) ? client.Servers.Get() : RaisedServer.Raise(options.For(client?.Profile), loggers, services, home: null));
        await exchange.Host.ServeAsync(server, level is { } remembered ? Replay(remembered, exchange.Request.Context) : exchange.Request);
    }

    /// <summary>Whether a request leaves nothing on the server object, so that the next session's can be served by the same one.</summary>
    private static bool MayShare(string method) => method
        is RequestMethods.ToolsCall or RequestMethods.ToolsList
        or RequestMethods.PromptsGet or RequestMethods.PromptsList
        or RequestMethods.ResourcesRead or RequestMethods.ResourcesList or RequestMethods.ResourcesTemplatesList
        or RequestMethods.CompletionComplete or RequestMethods.Ping;

    private async Task CompleteAsync(Exchange exchange)
    {
        try
        {
            await exchange.CompleteAsync();
        }
        catch (SessionStoreUnavailableException e)
        {
            Log.StreamNotEnded(logger, e);
        }
    }

    private static JsonRpcRequest Replay(LoggingLevel level, JsonRpcMessageContext? context) => new()
    {
        Id = new RequestId("stateroom/log-level"),
        Method = RequestMethods.LoggingSetLevel,
        Params = new System.Text.Json.Nodes.JsonObject { ["level"] = System.Text.Json.JsonSerializer.SerializeToNode(level, ModelContextProtocol.McpJsonUtilities.DefaultOptions) },
        Context = new JsonRpcMessageContext { ProtocolVersion = context?.ProtocolVersion, User = context?.User },
    };
}
