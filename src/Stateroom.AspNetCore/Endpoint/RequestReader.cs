using System.Text.Json;
using System.Text.Json.Nodes;
using ModelContextProtocol.Protocol;

namespace Stateroom.AspNetCore.Endpoint;

/// <summary>
/// Reads a request in one pass and leaves its parameters as they were sent: the SDK's reader makes a tree of them, which costs more than all the rest of the message and
/// which few look at. What is not a plain request, or is not quite as it should be, is for that reader.
/// </summary>
internal static class RequestReader
{
    /// <summary>Nodes whose members are found in whatever case, as the SDK's are.</summary>
    public static readonly JsonNodeOptions AnyCase = new() { PropertyNameCaseInsensitive = true };

    [Flags]
    private enum Members
    {
        None = 0,
        Version = 1,
        Id = 2,
        Method = 4,
        Parameters = 8,
        Result = 16,
        Error = 32,
    }

    /// <summary>Reads a message.</summary>
    /// <param name="utf8">The message.</param>
    /// <param name="parameters">The parameters of the request; undefined if it has none.</param>
    /// <returns>The request; null if it is another message, or none.</returns>
    /// <exception cref="JsonException">The bytes are not JSON, or two members of the message have one name.</exception>
    public static JsonRpcRequest? TryRead(ReadOnlySpan<byte> utf8, out JsonElement parameters)
    {
        parameters = default;
        var reader = new Utf8JsonReader(utf8);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
        {
            return null;
        }

        var seen = Members.None;
        var (id, method, sent, isPlain) = (default(RequestId), default(string), default(Range), true);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var member = MemberOf(reader);
            if ((seen & member) != Members.None)
            {
                throw new JsonException($"The member {reader.GetString()} stands twice.");
            }

            seen |= member;
            reader.Read();
            switch (member, reader.TokenType)
            {
                case (Members.Version, _):
                    isPlain &= reader.TokenType == JsonTokenType.String && reader.ValueTextEquals("2.0"u8);
                    break;
                case (Members.Id, JsonTokenType.String):
                    id = new(reader.GetString()!);
                    break;
                case (Members.Id, JsonTokenType.Number) when reader.TryGetInt64(out var number):
                    id = new(number);
                    break;
                case (Members.Method, JsonTokenType.String):
                    method = reader.ValueTextEquals("tools/call"u8) ? RequestMethods.ToolsCall : reader.GetString();
                    break;
                case (Members.Parameters, JsonTokenType.StartObject):
                    var start = (int)reader.TokenStartIndex;
                    reader.Skip();
                    sent = start..(int)reader.BytesConsumed;
                    continue;
                default:
                    isPlain = false;
                    break;
            }

            reader.Skip();
        }

        // Nothing follows the message.
        reader.Read();
        if (!isPlain || method is null || id.Id is null || !seen.HasFlag(Members.Version))
        {
            return null;
        }

        if (!seen.HasFlag(Members.Parameters))
        {
            return new() { Id = id, Method = method };
        }

        var read = JsonElement.Parse(utf8[sent]);
        if (!JsonMembers.HaveDistinctNames(read))
        {
            return null;
        }

        parameters = read;
        return new() { Id = id, Method = method, Params = JsonObject.Create(read, AnyCase) };
    }

    private static Members MemberOf(in Utf8JsonReader reader) =>
        reader.ValueTextEquals("jsonrpc"u8) ? Members.Version
        : reader.ValueTextEquals("id"u8) ? Members.Id
        : reader.ValueTextEquals("method"u8) ? Members.Method
        : reader.ValueTextEquals("params"u8) ? Members.Parameters
        : reader.ValueTextEquals("result"u8) ? Members.Result
        : reader.ValueTextEquals("error"u8) ? Members.Error
        : Members.None;
}
