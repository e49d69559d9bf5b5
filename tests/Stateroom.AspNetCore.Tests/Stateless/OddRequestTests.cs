using Microsoft.Extensions.DependencyInjection;
using Stateroom.AspNetCore.Tests.Support;

namespace Stateroom.AspNetCore.Tests.Stateless;

/// <summary>However a call is written, it is answered as by the endpoint of the SDK.</summary>
public sealed class OddRequestTests
{
    [Theory]
    [InlineData(""" "name":"echo","arguments":{"x":1} """)]
    [InlineData(""" "name":"echo","NAME":"fine","arguments":{"x":1} """)]
    [InlineData(""" "NAME":"echo","arguments":{"x":1} """)]
    [InlineData(""" "n\u0061me":"echo","arguments":{"x":1} """)]
    [InlineData(""" "name":"ech\u006f","arguments":{"x":1} """)]
    [InlineData(""" "name":"fine","arguments":{"x":1} """)]
    [InlineData(""" "name":"echo","name":"echo","arguments":{"x":1} """)]
    [InlineData(""" "name":null,"arguments":{"x":1} """)]
    [InlineData(""" "name":7,"arguments":{"x":1} """)]
    [InlineData(""" "name":"echo","arguments":{"x":1,"x":2} """)]
    [InlineData(""" "name":"echo","arguments":{"x":1,"X":2} """)]
    [InlineData(""" "name":"echo","arguments":{"x":{"ü":1,"\u00fc":2}} """)]
    [InlineData(""" "name":"echo","arguments":{"x":"\ud800"} """)]
    [InlineData(""" "name":"echo","arguments":{"x":"\ud83d\ude00 \u0000 \/"} """)]
    [InlineData(""" "name":"echo","arguments":{"x":123456789012345678901234567890.5e-400} """)]
    [InlineData(""" "name":"echo","arguments":{"x":null} """)]
    [InlineData(""" "name":"echo","arguments":{} """)]
    [InlineData(""" "name":"echo","arguments":null """)]
    [InlineData(""" "name":"echo","arguments":"x" """)]
    [InlineData(""" "name":"echo","arguments":{"session":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA","x":1} """)]
    [InlineData(""" "name":"echo","arguments":{"x":1},"inputResponses":null """)]
    [InlineData(""" "name":"echo","arguments":{"x":1},"requestState":null """)]
    public Task However_its_parameters_are_written(string members) => AssertSameAsync($$"""{{{members}},"_meta":{{RawStatelessRequest.Meta}}}""");

    /// <summary>Up to what a body may have, and beyond.</summary>
    [Theory]
    [InlineData(55)]
    [InlineData(60)]
    [InlineData(61)]
    [InlineData(62)]
    [InlineData(70)]
    public Task However_deep_an_argument_is(int depth) => AssertSameAsync(Echo(new string('[', depth) + new string(']', depth)));

    [Fact]
    public Task However_many_members_an_argument_has() => AssertSameAsync(Echo($"{{{string.Join(',', Enumerable.Range(0, 40).Select(i => $"\"a{i}\":{i}"))}}}"));

    [Theory]
    [InlineData("null")]
    [InlineData("""{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientInfo":null,"io.modelcontextprotocol/clientCapabilities":{}}""")]
    [InlineData("""
        {"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientInfo":{"name":"a","version":"1","icons":[{"src":7}],"websiteUrl":{}},
        "io.modelcontextprotocol/clientCapabilities":{}}
        """)]
    [InlineData("""
        {"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientInfo":{"name":"a","version":"1"},
        "io.modelcontextprotocol/clientCapabilities":{"experimental":{"a":1},"extensions":{"b":[]},"sampling":null,"roots":[]}}
        """)]
    public Task Whatever_its_meta_is(string meta) => AssertSameAsync($$"""{"name":"echo","arguments":{"x":1},"_meta":{{meta}}}""");

    [Theory]
    [InlineData(""" "progressToken":{} """)]
    [InlineData(""" "progressToken":1.5 """)]
    [InlineData(""" "io.modelcontextprotocol/logLevel":"loud" """)]
    [InlineData(""" "io.modelcontextprotocol/logLevel":null """)]
    public Task Whatever_its_meta_has_besides(string member) => AssertSameAsync($$$"""{"name":"echo","arguments":{"x":1},"_meta":{{{RawStatelessRequest.Meta[..^1]}}},{{{member}}}}}""");

    [Fact]
    public Task Without_a_meta() => AssertSameAsync("""{"name":"echo","arguments":{"x":1}}""");

    [Theory]
    [InlineData("echo ")]
    [InlineData("ECHO")]
    [InlineData("=?base64?ZWNobw==?=")]
    [InlineData("echo", "echo")]
    [InlineData("")]
    public Task However_its_name_is_written_in_the_headers(params string[] names) => AssertSameAsync(new RawStatelessRequest(RawStatelessRequest.BodyOf(Echo("1")), names));

    [Theory]
    [InlineData("""
        "\u000a\"<"
        """)]
    [InlineData("1.0")]
    [InlineData("9223372036854775807")]
    [InlineData("-0")]
    [InlineData("null")]
    public Task Whatever_its_id_is(string id) => AssertSameAsync(new RawStatelessRequest(RawStatelessRequest.BodyOf(Echo("1"), id), "echo"));

    [Fact]
    public Task Behind_a_byte_order_mark() => AssertSameAsync(new RawStatelessRequest("\ufeff" + RawStatelessRequest.BodyOf(Echo("1")), "echo"));

    private static string Echo(string x) => $$$"""{"name":"echo","arguments":{"x":{{{x}}}},"_meta":{{{RawStatelessRequest.Meta}}}}""";

    private static Task AssertSameAsync(string parameters) => AssertSameAsync(new RawStatelessRequest(RawStatelessRequest.BodyOf(parameters), "echo"));

    private static async Task AssertSameAsync(RawStatelessRequest request)
    {
        await using var direct = await StartAsync(CallWay.Direct);
        await using var sdk = await StartAsync(CallWay.SdkEndpoint);

        // JSON is UTF-8, whatever its type says.
        request = request with { ContentType = "application/json; charset=utf-16" };
        var expected = await request.SendAsync(sdk.Url);
        (await request.SendAsync(direct.Url)).AssertSays(expected);
    }

    private static Task<SessionServer> StartAsync(CallWay way) => SessionServer.StartAsync(null, mcp => mcp.RunCalls(way).WithTools<OddTools>());
}
