using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using Stateroom.AspNetCore.Endpoint;

namespace Stateroom.AspNetCore.Tests.Endpoint;

/// <summary>A result is written as the SDK writes it, letter by letter.</summary>
public sealed class WrittenResponseTests
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

    [Theory]
    [InlineData(1L)]
    [InlineData("\u00fc \" \ud83d\ude00")]
    public void A_response_is_written_as_the_SDK_s_message_is(object id)
    {
        var requestId = id is long number ? new RequestId(number) : new RequestId((string)id);
        foreach (var length in new[] { 0, 10, 100_000, 10 })
        {
            var result = new CallToolResult { Content = [new TextContentBlock { Text = new string('\u00e9', length) + "\"<\u2028" }], IsError = length == 0 ? true : null };
            var expected = JsonRpc.Serialize(new JsonRpcResponse { Id = requestId, Result = JsonSerializer.SerializeToNode(result, McpJsonUtilities.DefaultOptions) });
            using var written = WrittenResponse.Of(requestId, result);
            Assert.True(JsonNode.DeepEquals(JsonNode.Parse(expected), JsonNode.Parse(written.Bytes.Span)));
        }
    }

    [Fact]
    public void A_result_that_cannot_be_written_leaves_nothing_for_the_next()
    {
        Assert.ThrowsAny<Exception>(() => WrittenResponse.Of(new RequestId(1), new CallToolResult { Content = [], StructuredContent = default(JsonElement) }));
        using var next = WrittenResponse.Of(new RequestId(2), new());
        Assert.Equal("""{"jsonrpc":"2.0","id":2,"result":{"content":[]}}""", TextOf(next));
    }

    [Fact]
    public void Memory_is_used_again_only_when_it_was_given_back_and_once()
    {
        var one = WrittenResponse.Of(new RequestId(1), new());
        using var two = WrittenResponse.Of(new RequestId(2), new());
        Assert.NotSame(one, two);
        Assert.Equal("""{"jsonrpc":"2.0","id":1,"result":{"content":[]}}""", TextOf(one));
        one.Dispose();
        one.Dispose();
        using var three = WrittenResponse.Of(new RequestId(3), new());
        using var four = WrittenResponse.Of(new RequestId(4), new());
        Assert.Same(one, three);
        Assert.NotSame(three, four);
        Assert.Equal("""{"jsonrpc":"2.0","id":3,"result":{"content":[]}}""", TextOf(three));
        Assert.Equal("""{"jsonrpc":"2.0","id":2,"result":{"content":[]}}""", TextOf(two));
    }

    [Fact]
    public void Memory_of_a_long_response_is_never_used_again()
    {
        var one = WrittenResponse.Of(new RequestId(1), new() { Content = [new TextContentBlock { Text = new string('x', Reply.MaxAtOnce) }] });
        one.Dispose();
        using var two = WrittenResponse.Of(new RequestId(2), new());
        Assert.NotSame(one, two);
    }

    private static string TextOf(WrittenResponse response) => Encoding.UTF8.GetString(response.Bytes.Span);

    private static void AssertSame(CallToolResult result)
    {
        using var written = WrittenResponse.Of(new("one"), result);
        using var response = JsonDocument.Parse(written.Bytes);
        Assert.Equal(JsonSerializer.Serialize(result, _sdk), response.RootElement.GetProperty("result").GetRawText());
    }
}
