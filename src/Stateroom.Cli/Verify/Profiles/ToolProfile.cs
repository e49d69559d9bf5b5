using System.Text.Json.Nodes;
using Stateroom.Cli.Protocol;

namespace Stateroom.Cli.Verify.Profiles;

/// <summary>A tool, its arguments with placeholders, and where its result holds what is looked for.</summary>
internal record ToolProfile
{
    /// <summary>The name of the tool.</summary>
    public required string Tool { get; init; }

    /// <summary>Its arguments. In a text <c>{key}</c>, <c>{value}</c> and <c>{choice}</c> are replaced.</summary>
    public JsonObject Arguments { get; init; } = [];

    /// <summary>Where the result holds the value: a JSON pointer (RFC 6901) that also goes on inside a text that is JSON.</summary>
    public string? Value { get; init; }

    /// <summary>The call with its placeholders filled in.</summary>
    public ToolCall Call(params (string Name, string Value)[] values) => new(Tool, Fill(Arguments, values).AsObject());

    /// <summary>Fills in the placeholders of a value.</summary>
    public static JsonNode Fill(JsonNode template, params (string Name, string Value)[] values) => template switch
    {
        JsonObject o => new JsonObject(o.Select(p => KeyValuePair.Create(p.Key, p.Value is null ? null : Fill(p.Value, values)))),
        JsonArray a => new JsonArray([.. a.Select(item => item is null ? null : Fill(item, values))]),
        JsonValue v when v.TryGetValue<string>(out var text) =>
            JsonValue.Create(values.Aggregate(text, (t, p) => t.Replace($"{{{p.Name}}}", p.Value, StringComparison.Ordinal))),
        _ => template.DeepClone(),
    };
}
