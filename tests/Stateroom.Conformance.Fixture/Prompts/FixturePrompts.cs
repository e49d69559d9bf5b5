using System.ComponentModel;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace Stateroom.Conformance.Fixture.Prompts;

/// <summary>Prompts: plain, with arguments, with each kind of content, and one that asks first.</summary>
public sealed class FixturePrompts
{
    [McpServerPrompt(Name = "test_simple_prompt"), Description("A prompt without arguments")]
    public static string Simple() => "This is a simple prompt for testing.";

    [McpServerPrompt(Name = "test_prompt_with_arguments"), Description("A prompt with arguments")]
    public static string WithArguments([Description("The first argument")] string arg1, [Description("The second argument")] string arg2) =>
        $"Prompt with arguments: arg1='{arg1}', arg2='{arg2}'";

    [McpServerPrompt(Name = "test_prompt_with_embedded_resource"), Description("A prompt with an embedded resource")]
    public static PromptMessage[] WithResource([Description("The resource to embed")] string resourceUri) =>
    [
        Say(new EmbeddedResourceBlock
        {
            Resource = new TextResourceContents { Uri = resourceUri, MimeType = "text/plain", Text = "Embedded resource content for testing." },
        }),
        Say(new TextContentBlock { Text = "Please process the embedded resource above." }),
    ];

    [McpServerPrompt(Name = "test_prompt_with_image"), Description("A prompt with a picture")]
    public static PromptMessage[] WithImage() =>
    [
        Say(ImageContentBlock.FromBytes(Media.Png, Media.PngType)),
        Say(new TextContentBlock { Text = "Please analyze the image above." }),
    ];

    [McpServerPrompt(Name = "test_input_required_result_prompt"), Description("A prompt that asks for its context first")]
    public static string Asking(RequestContext<GetPromptRequestParams> request) =>
        Questions.FindText(request.Params.InputResponses, "user_context", "context") is { } context
            ? $"Use this context: {context}"
            : throw new InputRequiredException(
                new Dictionary<string, InputRequest> { ["user_context"] = Questions.Text("What context should the prompt use?", "context") });

    private static PromptMessage Say(ContentBlock content) => new() { Role = Role.User, Content = content };
}
