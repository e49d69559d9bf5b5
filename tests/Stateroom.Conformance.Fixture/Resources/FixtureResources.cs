using System.ComponentModel;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace Stateroom.Conformance.Fixture.Resources;

/// <summary>Resources: text, bytes, a template, and one to subscribe to.</summary>
public sealed class FixtureResources
{
    [McpServerResource(UriTemplate = "test://static-text", Name = "Static text", MimeType = "text/plain"), Description("A text")]
    public static string Text() => "This is the content of the static text resource.";

    [McpServerResource(UriTemplate = "test://static-binary", Name = "Static picture", MimeType = Media.PngType), Description("A picture")]
    public static BlobResourceContents Picture() => BlobResourceContents.FromBytes(Media.Png, "test://static-binary", Media.PngType);

    [McpServerResource(UriTemplate = "test://template/{id}/data", Name = "Template", MimeType = "application/json"), Description("Data by id")]
    public static TextResourceContents Template(string id) => new()
    {
        Uri = $"test://template/{id}/data",
        MimeType = "application/json",
        Text = $$"""{"id":"{{id}}","templateTest":true,"data":"Data for ID: {{id}}"}""",
    };

    [McpServerResource(UriTemplate = "test://watched-resource", Name = "Watched", MimeType = "text/plain"), Description("A text to subscribe to")]
    public static string Watched() => "Watched resource content";
}
