using Microsoft.Extensions.Logging;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using Stateroom.AspNetCore.Diagnostics;
using Stateroom.Sessions;
using Stateroom.State;

namespace Stateroom.AspNetCore.Handshake;

/// <summary>Raises a server for an exchange and runs the handler to its end. Nothing of the server outlives the exchange.</summary>
internal sealed class ExchangeRunner(
    HandshakeServerOptions options,
    SessionAccessor accessor,
    ILoggerFactory loggers,
    ILogger<ExchangeRunner> logger,
    IServiceProvider services)
{
    /// <summary>Runs a request.</summary>
    /// <param name="exchange">The request.</param>
    /// <param name="client">Who the client is; null for <c>initialize</c>, which tells.</param>
    /// <param name="context">The session as the handler will see it; null for <c>initialize</c>.</param>
    /// <param name="onCompleted">Called when all is over.</param>
    public void Start(Exchange exchange, ClientProfile? client, SessionContext? context, Action onCompleted)
    {
        // Not tied to the HTTP request: a client that lost its connection comes back for the response.
        _ = Task.Run(() => RunAsync(exchange, client, context, onCompleted));
    }

    /// <summary>Runs the host's handlers of a notification.</summary>
    public void Start(NotificationTransport transport, ClientProfile client, SessionContext context)
    {
        _ = Task.Run(async () =>
        {
            try
            {
                accessor.Current = context;
                await using var server = McpServer.Create(transport, options.For(client), loggers, services);
                await server.RunAsync(CancellationToken.None);
            }
            catch (Exception e)
            {
                Log.HandlerFailed(logger, e);
            }
        });
    }

    private async Task RunAsync(Exchange exchange, ClientProfile? client, SessionContext? context, Action onCompleted)
    {
        try
        {
            accessor.Current = context;
            var server = McpServer.Create(exchange, options.For(client), loggers, services);
            await using (server)
            {
                if (context?.Session is { } session && RememberedLogLevel.Of(session) is { } level)
                {
                    // Its response comes back to the exchange, which then hands over the request itself.
                    exchange.Deliver(Replay(level, exchange.Request.Context));
                }
                else
                {
                    exchange.Deliver(exchange.Request);
                }

                await server.RunAsync(exchange.Cancelled);
            }
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            Log.HandlerFailed(logger, e);
        }
        finally
        {
            await CompleteAsync(exchange);
            onCompleted();
        }
    }

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
