using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using Stateroom.AspNetCore.Direct;
using Stateroom.AspNetCore.Limits;

namespace Stateroom.AspNetCore.Stateless.Direct;

/// <summary>
/// Runs plain calls of tools without a server of the SDK, on the thread of their request. The filters and the tool are the same; a server of the SDK takes over a call that
/// ends otherwise than by a result.
/// </summary>
internal sealed class StatelessCalls
{
    private readonly SdkWatch _watch;
    private readonly Lazy<Calls> _calls;

    public StatelessCalls(IOptionsFactory<McpServerOptions> factory, SdkWatch watch)
    {
        _watch = watch;
        _calls = new(() =>
        {
            var options = factory.Create(Options.DefaultName);
            return new(options, options.Handlers.CallToolWithAlternateHandler is null ? new(options, watch.Log) : null, new(options));
        });
    }

    /// <summary>Finds out whether a plain call can be run so, and notes what it says of its client.</summary>
    /// <returns>Its parameters; null if a server of the SDK is to run it, which also answers what is wrong with one.</returns>
    public CallToolRequestParams? Read(JsonRpcRequest request, JsonElement sent)
    {
        if (_watch.IsOn || _calls.Value.Tools is null || CallParameters.Read(sent, IsOfEra) is not { } parameters)
        {
            return null;
        }

        try
        {
            var meta = sent.GetProperty("_meta"u8);
            request.Context!.ClientInfo = Read<Implementation>(meta, MetaKeys.ClientInfo);
            request.Context.ClientCapabilities = Read<ClientCapabilities>(meta, MetaKeys.ClientCapabilities);
            return parameters;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Runs a call.</summary>
    /// <returns>Whether it was answered; false if a server of the SDK is to end it.</returns>
    public async ValueTask<bool> TryRunAsync(HttpContext context, JsonRpcRequest request, CallToolRequestParams parameters, AnswerStream answer)
    {
        var transport = new AnswerTransport(answer, context.RequestAborted);
        request.Context!.RelatedTransport = transport;
        var (options, tools, identity) = _calls.Value;
        var server = new StatelessCallServer(options, request.Context, transport, context.RequestServices);
        var call = new RequestContext<CallToolRequestParams>(server, request, parameters) { Services = context.RequestServices };
        CallAnswer answered;
        try
        {
            var outcome = await tools!.InvokeAsync(call, context.RequestAborted);
            if (outcome.Result is { } result)
            {
                // As the SDK does, which changes what the tool has given.
                result.ResultType ??= "complete";
            }

            answered = CallAnswer.Of(request.Id, outcome, identity.Frame);
        }
        catch (Exception e) when (!(e is OperationCanceledException && context.RequestAborted.IsCancellationRequested))
        {
            context.RequestAborted.ThrowIfCancellationRequested();
            Takeover.Prepare(request, tools!, parameters, e);
            return false;
        }
        finally
        {
            // However it ended: what is said from now on must not meet the next response of the connection.
            await transport.CloseAsync();
        }

        await SendAsync(context, request, answer, answered, identity);
        return true;
    }

    private static async ValueTask SendAsync(HttpContext context, JsonRpcRequest request, AnswerStream answer, CallAnswer answered, ServerIdentity identity)
    {
        using var written = answered.Written;

        // Whoever did not heed that it was cancelled has no one to answer: it counts as cancelled, as at a server of the SDK.
        context.RequestAborted.ThrowIfCancellationRequested();
        var response = answered.Response;
        response.Context = request.Context;
        answer.Expect(response);
        AnswerFilter.Note(context.Features, response);
        await answer.WriteAsync(written?.Bytes ?? identity.Write(response), context.RequestAborted);
    }

    private static bool IsOfEra(JsonProperty member) => member.NameEquals(MetaKeys.ProtocolVersion) || member.NameEquals(MetaKeys.ClientInfo) || member.NameEquals(MetaKeys.ClientCapabilities);

    private static T? Read<T>(JsonElement meta, string key) => meta.GetProperty(key).Deserialize((JsonTypeInfo<T>)McpJsonUtilities.DefaultOptions.GetTypeInfo(typeof(T)));

    /// <summary>What is the same for all calls; no tools where the host answers calls in a way of its own.</summary>
    private sealed record Calls(McpServerOptions Options, ToolPipeline? Tools, ServerIdentity Identity);
}
