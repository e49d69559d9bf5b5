using System.ComponentModel;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace Stateroom.Conformance.Fixture.Tools;

/// <summary>Tools that answer at once: each kind of content, and an error.</summary>
public sealed class ContentTools
{
    [McpServerTool(Name = "test_simple_text"), Description("Answers with one text")]
    public static string Text() => "This is a simple text response for testing.";

    [McpServerTool(Name = "test_image_content"), Description("Answers with one picture")]
    public static ImageContentBlock Image() => ImageContentBlock.FromBytes(Media.Png, Media.PngType);

    [McpServerTool(Name = "test_audio_content"), Description("Answers with one sound")]
    public static AudioContentBlock Audio() => AudioContentBlock.FromBytes(Media.Wav, Media.WavType);

    [McpServerTool(Name = "test_embedded_resource"), Description("Answers with one embedded resource")]
    public static EmbeddedResourceBlock EmbeddedResource() => Embed("test://embedded-resource", "text/plain", "This is an embedded resource content.");

    [McpServerTool(Name = "test_multiple_content_types"), Description("Answers with a text, a picture and an embedded resource")]
    public static ContentBlock[] Mixed() =>
    [
        new TextContentBlock { Text = "Multiple content types test:" },
        Image(),
        Embed("test://mixed-content-resource", "application/json", """{"test":"data","value":123}"""),
    ];

    [McpServerTool(Name = "test_error_handling"), Description("Always fails")]
    public static string Fail() => throw new McpException("This tool intentionally returns an error for testing");

    [McpServerTool(Name = "test_header_tool"), Description("Takes an argument that clients mirror into a header")]
    public static string Header([McpHeader("Region"), Description("A region")] string region, [Description("A query")] string query) =>
        $"Asked {region}: {query}";

    private static EmbeddedResourceBlock Embed(string uri, string type, string text) =>
        new() { Resource = new TextResourceContents { Uri = uri, MimeType = type, Text = text } };
}
