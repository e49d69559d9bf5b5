using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using Stateroom.AspNetCore.Endpoint;

namespace Stateroom.AspNetCore.Tests.Endpoint;

/// <summary>Requests are read without the SDK's reader: they mean what they mean to it.</summary>
public class RequestReaderTests
{
    [Theory]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"a","arguments":{"x":[1,{"y":null}]}}}""")]
    [InlineData("""{"jsonrpc":"2.0","id":"\u00fc\n","method":"tools\/call","params":{}}""")]
    [InlineData("""  {"params":{"b":1} , "method":"ping","id":-9223372036854775808,"jsonrpc":"2.0" }  """)]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"ping"}""")]
    [InlineData("""{"json\u0072pc":"2.0","id":1,"method":"x/y","params":{"_meta":{"k":"v"}}}""")]
    [InlineData("""{"jsonrpc":"2.0","id":"","method":"","params":{"a":1}}""")]
    public void A_request_is_read_as_the_SDK_reads_it(string body)
    {
        var read = RequestReader.TryRead(Encoding.UTF8.GetBytes(body), out var parameters);
        var expected = Assert.IsType<JsonRpcRequest>(JsonSerializer.Deserialize<JsonRpcMessage>(body, McpJsonUtilities.DefaultOptions));
        Assert.NotNull(read);
        Assert.Equal(expected.Id, read.Id);
        Assert.Equal(expected.Method, read.Method);
        Assert.True(JsonNode.DeepEquals(expected.Params, read.Params));
        Assert.True(JsonNode.DeepEquals(expected.Params, parameters.ValueKind == JsonValueKind.Undefined ? null : JsonObject.Create(parameters)));
    }

    [Theory]
    [InlineData("""{"jsonrpc":"2.0","method":"notifications/initialized"}""")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"result":{}}""")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"error":{"code":1,"message":"m"}}""")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"ping","result":{}}""")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"ping","params":[1]}""")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"ping","params":null}""")]
    [InlineData("""{"jsonrpc":"2.0","id":null,"method":"ping"}""")]
    [InlineData("""{"jsonrpc":"2.0","id":1.5,"method":"ping"}""")]
    [InlineData("""{"jsonrpc":"2.0","id":true,"method":"ping"}""")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":7}""")]
    [InlineData("""{"jsonrpc":"1.0","id":1,"method":"ping"}""")]
    [InlineData("""{"jsonrpc":2,"id":1,"method":"ping"}""")]
    [InlineData("""{"id":1,"method":"ping"}""")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"ping","params":{"n\u0061me":"a"}}""")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"ping","params":{"arguments":{"größe":1}}}""")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"ping","extra":{"a":1,"a":2}}""")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"tools/call","Method":"tools/list"}""")]
    [InlineData("[]")]
    [InlineData("7")]
    public void What_is_no_plain_request_is_left_to_the_SDK(string body)
    {
        Assert.Null(RequestReader.TryRead(Encoding.UTF8.GetBytes(body), out var parameters));
        Assert.Equal(JsonValueKind.Undefined, parameters.ValueKind);
    }

    [Theory]
    [InlineData("""{"jsonrpc":"2.0","id":1,"id":2,"method":"ping"}""")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"ping","m\u0065thod":"tools/call"}""")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"result":{},"result":{}}""")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"ping","params":{"name":"a","name":"b"}}""")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"ping","params":{"a":[{"deep":{"x":1,"\u0078":2}}]}}""")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"harmless","NAME":"dangerous"}}""")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"a","arguments":{"x":1,"X":2}}}""")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"a","arguments":[[{"deep":{"xy":1,"z":0,"Xy":2}}]]}}""")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"a","arguments":{"größe":1,"GRÖSSE":2,"GRÖßE":3}}}""")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"ping"} trailing""")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"ping"}{}""")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"ping",}""")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"ping","params":{"a":}}""")]
    [InlineData("""{"jsonrpc":"2.0","id":1""")]
    [InlineData("")]
    public void What_is_not_JSON_or_says_something_twice_is_refused(string body) =>
        Assert.ThrowsAny<JsonException>(() => JsonRpc.Parse(Encoding.UTF8.GetBytes(body)));

    [Fact]
    public void Members_are_found_in_whatever_case_as_by_the_SDK()
    {
        var read = RequestReader.TryRead("""{"jsonrpc":"2.0","id":1,"method":"ping","params":{"NAME":"a","_META":{"io.modelcontextprotocol/PROTOCOLVersion":"2026-07-28"}}}"""u8, out var parameters);
        Assert.Equal("a", (string?)read!.Params!["name"]);
        Assert.Equal("2026-07-28", ProtocolVersions.DeclaredBy(read, parameters));
    }

    [Theory]
    [InlineData(32, true)]
    [InlineData(33, false)]
    public void An_object_of_many_members_is_left_to_the_SDK(int count, bool read)
    {
        var members = string.Join(',', Enumerable.Range(0, count).Select(n => $"\"m{n}\":{n}"));
        Assert.Equal(read, RequestReader.TryRead(Encoding.UTF8.GetBytes($$"""{"jsonrpc":"2.0","id":1,"method":"ping","params":{"a":{ {{members}} } } }"""), out _) is not null);
    }

    [Fact]
    public void Parameters_that_are_nested_too_deep_are_refused() =>
        Assert.ThrowsAny<JsonException>(() => JsonRpc.Parse(Encoding.UTF8.GetBytes(
            $$$"""{"jsonrpc":"2.0","id":1,"method":"ping","params":{"a":{{{new string('[', 100) + new string(']', 100)}}} }}""")));
}
