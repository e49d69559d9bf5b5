using System.ComponentModel;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using static ModelContextProtocol.Protocol.ElicitRequestParams;

namespace Stateroom.Conformance.Fixture.Tools;

/// <summary>Tools that ask the client in the middle of a call, as servers of the handshake era do.</summary>
public sealed class AskingTools
{
    [McpServerTool(Name = "test_sampling"), Description("Has the client's model answer a prompt")]
    public static async Task<string> SampleAsync(McpServer server, [Description("The prompt")] string prompt, CancellationToken cancellationToken)
    {
        var result = await server.SampleAsync(
            new CreateMessageRequestParams
            {
                Messages = [new() { Role = Role.User, Content = [new TextContentBlock { Text = prompt }] }],
                MaxTokens = 100,
            },
            cancellationToken);
        return $"LLM response: {result.Content.OfType<TextContentBlock>().FirstOrDefault()?.Text}";
    }

    [McpServerTool(Name = "test_elicitation"), Description("Asks the user for a text")]
    public static Task<string> ElicitAsync(McpServer server, [Description("What the user is shown")] string message, CancellationToken cancellationToken) =>
        AskAsync(server, message, cancellationToken, ("response", new StringSchema { Description = "The user's answer" }));

    [McpServerTool(Name = "test_elicitation_sep1034_defaults"), Description("Asks the user for values that have defaults")]
    public static Task<string> ElicitDefaultsAsync(McpServer server, CancellationToken cancellationToken) => AskAsync(
        server,
        "Are these right?",
        cancellationToken,
        ("name", new StringSchema { Description = "A name", Default = "John Doe" }),
        ("age", new NumberSchema { Type = "integer", Description = "An age in years", Default = 30 }),
        ("score", new NumberSchema { Description = "A score", Default = 95.5 }),
        ("status", new UntitledSingleSelectEnumSchema { Description = "A status", Enum = ["active", "inactive", "pending"], Default = "active" }),
        ("verified", new BooleanSchema { Description = "Whether it was verified", Default = true }));

    [McpServerTool(Name = "test_elicitation_sep1330_enums"), Description("Asks the user to choose, in each way there is")]
    public static Task<string> ElicitChoicesAsync(McpServer server, CancellationToken cancellationToken) => AskAsync(
        server,
        "Which ones?",
        cancellationToken,
        ("untitledSingle", new UntitledSingleSelectEnumSchema { Enum = ["option1", "option2", "option3"] }),
        ("titledSingle", new TitledSingleSelectEnumSchema { OneOf = Options("First Option", "Second Option", "Third Option") }),
        ("legacyEnum", new LegacyTitledEnumSchema { Enum = ["opt1", "opt2", "opt3"], EnumNames = ["Option One", "Option Two", "Option Three"] }),
        ("untitledMulti", new UntitledMultiSelectEnumSchema { Items = new() { Enum = ["option1", "option2", "option3"] } }),
        ("titledMulti", new TitledMultiSelectEnumSchema { Items = new() { AnyOf = Options("First Choice", "Second Choice", "Third Choice") } }));

    private static EnumSchemaOption[] Options(params string[] titles) =>
        [.. titles.Select((title, index) => new EnumSchemaOption { Const = $"value{index + 1}", Title = title })];

    private static async Task<string> AskAsync(
        McpServer server, string message, CancellationToken cancellationToken, params (string Name, PrimitiveSchemaDefinition Schema)[] fields)
    {
        var schema = new RequestSchema { Properties = fields.ToDictionary(field => field.Name, field => field.Schema) };
        var answer = await server.ElicitAsync(new ElicitRequestParams { Message = message, RequestedSchema = schema }, cancellationToken);
        var values = answer.Content?.Select(value => $"{value.Key}={value.Value}") ?? [];
        return $"User response: action={answer.Action}, content={{{string.Join(", ", values)}}}";
    }
}
