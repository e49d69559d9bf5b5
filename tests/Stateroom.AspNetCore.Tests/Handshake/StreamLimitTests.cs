using System.Net;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Stateroom.AspNetCore.Tests.Support;
using Stateroom.Sessions;

namespace Stateroom.AspNetCore.Tests.Handshake;

public class StreamLimitTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_call_beyond_the_sessions_streams_is_answered_with_one_body_and_cannot_ask()
    {
        await using var server = await SessionServer.StartAsync(s => s.Configure<SessionOptions>(o => o.MaxStreams = 1));
        using var client = await server.Client().OpenAsync();
        using var stream = await client.StreamAsync(HttpMethod.Post, RawClient.Call("report", """{"gate":"first"}""", "1", """{"progressToken":1}"""));
        await stream.ReadMessageAsync(Cancellation);

        var quiet = RawClient.ReadAsync(client.SendAsync(HttpMethod.Post, RawClient.Call("report", """{"gate":"second"}""", "2", """{"progressToken":2}""")));
        await server.Gates.ReachedAsync("second");
        server.Gates.Open("second");
        var (status, body) = await quiet;
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal("reported", RawClient.TextOf(JsonNode.Parse(body)!.AsObject()));
        Assert.Contains("The client cannot be asked", (await client.CallAsync("ask", """{"question":"Who?"}""", "3")).ToJsonString(), StringComparison.Ordinal);

        // Another session has streams of its own, and one that ends makes room.
        using var other = await server.Client().OpenAsync();
        using var others = await other.StreamAsync(HttpMethod.Post, RawClient.Call("ask", """{"question":"Who?"}"""));
        Assert.Equal("elicitation/create", (string?)(await others.ReadMessageAsync(Cancellation)).Json["method"]);
        server.Gates.Open("first");
        while (await stream.ReadAsync(Cancellation) is not null)
        {
        }

        using var next = await client.StreamAsync(HttpMethod.Post, RawClient.Call("ask", """{"question":"Who?"}""", "4"));
        Assert.Equal("elicitation/create", (string?)(await next.ReadMessageAsync(Cancellation)).Json["method"]);
    }
}
