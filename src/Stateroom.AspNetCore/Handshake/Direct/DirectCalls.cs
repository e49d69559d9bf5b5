using System.Runtime.ExceptionServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Microsoft.Extensions.DependencyInjection;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using Stateroom.AspNetCore.Endpoint;

namespace Stateroom.AspNetCore.Handshake.Direct;

/// <summary>
/// Runs calls of tools without a server of the SDK, on the thread that has found their session: taking a request in, handing it to a task and giving the answer out again costs a
/// server more than most tools do. The filters and the tool are the same. What only a server of the SDK can do, one does: it is raised when a tool asks its client
/// something, and takes over a call that ends otherwise than by a result.
/// </summary>
internal sealed class DirectCalls(Func<ToolPipeline?> tools, SdkWatch watch, IServiceProvider services)
{
    private const string Thrown = "Stateroom.Thrown";

    private static readonly JsonTypeInfo<CallToolResult> _result = (JsonTypeInfo<CallToolResult>)McpJsonUtilities.DefaultOptions.GetTypeInfo(typeof(CallToolResult));

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
        Answer answer;
        try
        {
            answer = AnswerOf(exchange.Request.Id, await CallAsync(exchange, client, parameters, cancelled));
        }
        catch (OperationCanceledException) when (cancelled.IsCancellationRequested)
        {
            return true;
        }
        catch (Exception e)
        {
            if (e is not (McpProtocolException or InputRequiredException))
            {
                // It has a result, which cannot be written, or what it was given cannot be disposed of.
                _tools.Value!.LogFailure(parameters.Name, e);
                e = new McpProtocolException(e is McpException ? e.Message : "An error occurred.", e, McpErrorCode.InternalError);
            }

            (exchange.Request.Context!.Items ??= new Dictionary<string, object?>())[Thrown] = ExceptionDispatchInfo.Capture(e);
            return false;
        }

        await exchange.RespondAsync(answer.Response, answer.Body);
        return true;
    }

    /// <summary>The first of all filters: has what a call ended with here be what it ends with at the server of the SDK that takes it over.</summary>
    public static ValueTask<ResultOrAlternate<CallToolResult>> ThrowAgainAsync(
        RequestContext<CallToolRequestParams> request, McpRequestHandler<CallToolRequestParams, ResultOrAlternate<CallToolResult>> next, CancellationToken cancellationToken)
    {
        if (request.JsonRpcRequest.Context?.Items is { } items && items.Remove(Thrown, out var thrown))
        {
            ((ExceptionDispatchInfo)thrown!).Throw();
        }

        return next(request, cancellationToken);
    }

    private async ValueTask<ResultOrAlternate<CallToolResult>> CallAsync(Exchange exchange, KnownClient client, CallToolRequestParams parameters, CancellationToken cancellationToken)
    {
        // Not the HTTP request's: the tool may outlive that.
        await using var scope = _scopes.CreateAsyncScope();
        var request = new RequestContext<CallToolRequestParams>(new DirectServer(exchange, client, services), exchange.Request, parameters) { Services = scope.ServiceProvider };
        return await _tools.Value!.InvokeAsync(request, cancellationToken);
    }

    private static Answer AnswerOf(RequestId id, ResultOrAlternate<CallToolResult> outcome)
    {
        switch (outcome)
        {
            case { Alternate: InputRequiredResult question }:
                throw new InputRequiredException(question);
            case { Alternate: { } alternate }:
                var response = new JsonRpcResponse { Id = id, Result = JsonSerializer.SerializeToNode(alternate, outcome.AlternateTypeInfo!) };
                return new(response, Body: null);
            default:
                var result = outcome.Result!;
                return new(new() { Id = id, Result = JsonValue.Create(result, _result) }, WrittenResponse.Of(id, result));
        }
    }

    /// <summary>A response, and the same as it goes out; null where that is still to be written.</summary>
    private readonly record struct Answer(JsonRpcResponse Response, WrittenResponse? Body);
}
