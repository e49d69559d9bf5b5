using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using Stateroom.AspNetCore.Endpoint;

namespace Stateroom.AspNetCore.Tests.Endpoint;

/// <summary>A result is written as the SDK writes it, letter by letter.</summary>
public sealed class ResponseWriterTests
{
    private static readonly JsonSerializerOptions _sdk = new(McpJsonUtilities.DefaultOptions) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    [Fact]
    public void All_that_a_result_may_hold_is_written()
    {
        var annotations = new Annotations { Audience = [Role.User], Priority = 0.5f };
        AssertSame(new());
        AssertSame(new() { Content = null! });
        AssertSame(new() { Content = [null!] });
        AssertSame(new() { Content = [new TextContentBlock { Text = "ok" }] });
        AssertSame(new() { Content = [new TextContentBlock { Text = "ok", Annotations = annotations, Meta = new() { ["a"] = 1 } }, new TextContentBlock { Text = "" }], IsError = true });
        AssertSame(new()
        {
            Content =
            [
                ImageContentBlock.FromBytes(new byte[] { 1, 2, 3 }, "image/png"),
                new EmbeddedResourceBlock { Resource = new TextResourceContents { Uri = "a:b", Text = "t", MimeType = "text/plain" } },
                new ResourceLinkBlock { Uri = "a:b", Name = "n", Size = 3, Title = "t" },
            ],
            IsError = false,
        });
        AssertSame(new()
        {
            StructuredContent = JsonElement.Parse("""{"a":[1,{"b":null}],"c":"d"}"""),
            Meta = new() { ["x"] = new JsonObject { ["y"] = null }, ["z"] = JsonValue.Create(1.5) },
            ResultType = "complete",
        });
        AssertSame(new() { StructuredContent = JsonElement.Parse("null") });
    }

    [Fact]
    public void Every_member_of_a_result_is_known() =>
        Assert.Equal(["Content", "IsError", "Meta", "ResultType", "StructuredContent"], typeof(CallToolResult).GetProperties().Select(property => property.Name).Order(StringComparer.Ordinal));

    private static void AssertSame(CallToolResult result)
    {
        using var response = JsonDocument.Parse(ResponseWriter.Write(new("one"), result));
        Assert.Equal(JsonSerializer.Serialize(result, _sdk), response.RootElement.GetProperty("result").GetRawText());
    }
}
