using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using Stateroom.AspNetCore.Endpoint;

namespace Stateroom.AspNetCore.Direct;

/// <summary>What a call is answered with that was run without a server of the SDK.</summary>
/// <param name="Response">The response.</param>
/// <param name="Written">The same as it goes out; null where that is still to be written.</param>
internal readonly record struct CallAnswer(JsonRpcResponse Response, WrittenResponse? Written)
{
    private static readonly JsonTypeInfo<CallToolResult> _result = (JsonTypeInfo<CallToolResult>)McpJsonUtilities.DefaultOptions.GetTypeInfo(typeof(CallToolResult));

    /// <summary>Makes the answer of what a tool and its filters came to.</summary>
    /// <param name="id">The request's id.</param>
    /// <param name="outcome">The result, or what stands in its place.</param>
    /// <param name="frame">What stands around a result that is written; null for nothing.</param>
    /// <exception cref="InputRequiredException">The client is to be asked first.</exception>
    public static CallAnswer Of(RequestId id, ResultOrAlternate<CallToolResult> outcome, ResponseFrame? frame = null)
    {
        switch (outcome)
        {
            case { Alternate: InputRequiredResult question }:
                throw new InputRequiredException(question);
            case { Alternate: { } alternate }:
                return new(new() { Id = id, Result = JsonSerializer.SerializeToNode(alternate, outcome.AlternateTypeInfo!) }, Written: null);
            case { Result: { ResultType: not (null or "complete") } other }:
                // Of other types the SDK knows which members they have.
                return new(new() { Id = id, Result = JsonSerializer.SerializeToNode(other, _result) }, Written: null);
            default:
                var result = outcome.Result!;
                return new(new() { Id = id, Result = JsonValue.Create(result, _result) }, WrittenResponse.Of(id, result, frame));
        }
    }
}
