using System.Text;
using Stateroom.Isolation.Tests.Support;

namespace Stateroom.Isolation.Tests.Malformed;

/// <summary>Malformed requests that once were answered wrongly.</summary>
[Collection(nameof(InProcess))]
public sealed class FoundInputTests(InProcess servers)
{
    [Theory]
    [InlineData("ffffffffffffffffff\r\n{}")]
    [InlineData("zz\r\n{}")]
    public async Task A_chunk_of_an_impossible_size_is_the_client_s_fault(string chunks)
    {
        var request = $"POST /mcp HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer dev-token\r\nContent-Type: application/json\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n{chunks}";

        var (statuses, _) = await RawExchange.SendAsync(servers.Weather.A.Port, Encoding.ASCII.GetBytes(request), TestContext.Current.CancellationToken);

        Assert.Equal([400], statuses);
    }

    [Theory]
    [InlineData("application/json; charset=nonsense", """{"name":"list_places","arguments":{}}""", 200)]
    [InlineData("application/json", """{"name":1e999,"arguments":{}}""", 400)]
    [InlineData("application/json", """{"name":{},"arguments":{}}""", 400)]
    [InlineData("application/json", """{"name":"\ud800","arguments":{}}""", 400)]
    [InlineData("application/json", """{"name":"list_places","arguments":{"\udc00":1}}""", 400)]
    public async Task What_the_SDK_takes_for_granted_of_a_stateless_era_request_is_checked_before(string contentType, string parameters, int status)
    {
        const string Meta = """{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientInfo":{"name":"raw","version":"1"},"io.modelcontextprotocol/clientCapabilities":{}}""";
        using var client = servers.Here();

        var answer = await Answer.OfAsync(client.SendAsync(
            HttpMethod.Post, $"{{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":{parameters[..^1]},\"_meta\":{Meta}}}}}", configure: request =>
            {
                request.Headers.Add("MCP-Protocol-Version", "2026-07-28");
                request.Headers.Add("Mcp-Method", "tools/call");
                request.Headers.Add("Mcp-Name", "list_places");
                request.Content!.Headers.ContentType = System.Net.Http.Headers.MediaTypeHeaderValue.Parse(contentType);
            }));

        Assert.Equal(status, (int)answer.Status);
    }
}
