using System.Text.Json;
using ModelContextProtocol.Protocol;
using static ModelContextProtocol.Protocol.ElicitRequestParams;

namespace Stateroom.Conformance.Fixture;

/// <summary>The questions that go out in an <c>input_required</c> result, and the answers that come back with the retry.</summary>
internal static class Questions
{
    public static InputRequest Text(string message, string field) => Elicit(message, field, new StringSchema());

    public static InputRequest YesOrNo(string message, string field) => Elicit(message, field, new BooleanSchema());

    public static InputRequest Roots() => InputRequest.ForRootsList(new());

    public static InputRequest Sample(string prompt) => InputRequest.ForSampling(new()
    {
        Messages = [new() { Role = Role.User, Content = [new TextContentBlock { Text = prompt }] }],
        MaxTokens = 100,
    });

    /// <summary>The text that the user gave for a question; null where there is no answer that reads as one, so that the question is asked again.</summary>
    public static string? FindText(IDictionary<string, InputResponse>? answers, string question, string field)
    {
        if (answers?.TryGetValue(question, out var answer) is not true || answer.RawValue.ValueKind is not JsonValueKind.Object)
        {
            return null;
        }

        return answer.Deserialize(InputResponse.ElicitResultJsonTypeInfo)?.Content is { } content
            && content.TryGetValue(field, out var value)
            && value.ValueKind is JsonValueKind.String
                ? value.GetString()
                : null;
    }

    private static InputRequest Elicit(string message, string field, PrimitiveSchemaDefinition schema) => InputRequest.ForElicitation(new()
    {
        Message = message,
        RequestedSchema = new() { Properties = new Dictionary<string, PrimitiveSchemaDefinition> { [field] = schema }, Required = [field] },
    });
}
