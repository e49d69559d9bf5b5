using Microsoft.Extensions.DependencyInjection;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using Stateroom.AspNetCore.Direct;

namespace Stateroom.AspNetCore.Handshake.Direct;

/// <summary>
/// Runs calls of tools without a server of the SDK, on the thread that has found their session: taking a request in, handing it to a task and giving the answer out again costs a
/// server more than most tools do. The filters and the tool are the same. What only a server of the SDK can do, one does: it is raised when a tool asks its client
/// something, and takes over a call that ends otherwise than by a result.
/// </summary>
internal sealed class DirectCalls(Func<ToolPipeline?> tools, SdkWatch watch, IServiceProvider services)
{
    private readonly Lazy<ToolPipeline?> _tools = new(tools);
    private readonly IServiceScopeFactory _scopes = services.GetRequiredService<IServiceScopeFactory>();

    /// <summary>Runs the calls of the host's tools, where filters of requests are all that is put around them.</summary>
    public DirectCalls(HandshakeServerOptions options, SdkWatch watch, IServiceProvider services)
        : this(() => options.IsCallFilteredOnly ? new(options.Template, watch.Log) : null, watch, services)
    {
    }

    /// <summary>Finds out whether a request is a call that can be run so.</summary>
    /// <returns>Its parameters; null if a server of the SDK is to run it, which also answers what is wrong with one.</returns>
    public CallToolRequestParams? Read(Exchange exchange) =>
        exchange.Request.Method == RequestMethods.ToolsCall && _tools.Value is { } tools && !watch.IsOn && CallParameters.Read(exchange.Parameters) is { } parameters && tools.Has(parameters.Name)
            ? parameters
            : null;

    /// <summary>Runs a call.</summary>
    /// <returns>Whether it is over; false if a server of the SDK is to end it.</returns>
    public async ValueTask<bool> TryRunAsync(Exchange exchange, KnownClient client, CallToolRequestParams parameters)
    {
        var cancelled = exchange.Host.ServeDirectly();
        CallAnswer answer;
        try
        {
            ResultOrAlternate<CallToolResult> outcome;

            // Not the HTTP request's: the tool may outlive that.
            await using (var scope = _scopes.CreateAsyncScope())
            {
                var request = new RequestContext<CallToolRequestParams>(new DirectServer(exchange, client, services), exchange.Request, parameters) { Services = scope.ServiceProvider };
                outcome = await _tools.Value!.InvokeAsync(request, cancelled);
            }

            answer = CallAnswer.Of(exchange.Request.Id, outcome);
        }
        catch (OperationCanceledException) when (cancelled.IsCancellationRequested)
        {
            return true;
        }
        catch (Exception e)
        {
            Takeover.Prepare(exchange.Request, _tools.Value!, parameters, e);
            return false;
        }

        await exchange.RespondAsync(answer.Response, answer.Written);
        return true;
    }
}
