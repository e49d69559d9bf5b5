using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Stateroom.AspNetCore.Tests.Support;

namespace Stateroom.AspNetCore.Tests.Handshake;

public class DrainTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_server_that_stops_lets_calls_answer_gives_up_questions_and_sends_the_rest_away()
    {
        await using var server = await SessionServer.StartAsync(s => s.Configure<SessionEndpointOptions>(o => o.CallDrainTime = TimeSpan.FromSeconds(1)));
        using var client = await server.Client().OpenAsync();
        using var general = await client.StreamAsync(HttpMethod.Get);
        await general.ReadAsync(Cancellation);
        using var quick = await client.StreamAsync(HttpMethod.Post, RawClient.Call("report", """{"gate":"quick"}""", "1", """{"progressToken":1}"""));
        await quick.ReadMessageAsync(Cancellation);
        using var slow = await client.StreamAsync(HttpMethod.Post, RawClient.Call("report", """{"gate":"slow"}""", "2", """{"progressToken":1}"""));
        await slow.ReadMessageAsync(Cancellation);
        using var asking = await client.StreamAsync(HttpMethod.Post, RawClient.Call("ask", """{"question":"?"}""", "3"));
        await asking.ReadMessageAsync(Cancellation);

        var stopping = server.Services.GetRequiredService<IHost>().StopAsync(Cancellation);
        Assert.Null(await general.ReadAsync(Cancellation));
        server.Gates.Open("quick");
        await quick.ReadMessageAsync(Cancellation);
        Assert.Equal("reported", RawClient.TextOf((await quick.ReadMessageAsync(Cancellation)).Json));
        Assert.Equal(3, (int)(await asking.ReadMessageAsync(Cancellation)).Json["id"]!);
        Assert.Null(await slow.ReadAsync(Cancellation));
        server.Gates.Open("slow");
        await stopping;
    }

    [Fact]
    public async Task A_server_that_stops_opens_no_session_that_would_be_lost_with_it_and_serves_those_that_it_has()
    {
        await using var server = await SessionServer.StartAsync();
        using var client = await server.Client().OpenAsync();
        server.Services.GetRequiredService<IHostApplicationLifetime>().StopApplication();

        using var late = server.Client("globex/alice");
        using var refused = await late.SendAsync(HttpMethod.Post, RawClient.Initialize());
        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        Assert.Equal(TimeSpan.FromSeconds(5), refused.Headers.RetryAfter?.Delta);
        Assert.False(refused.Headers.Contains("Mcp-Session-Id"));
        var error = await RawClient.ReadResponseAsync(refused);
        Assert.Equal((0, -32000), ((int)error["id"]!, (int)error["error"]!["code"]!));
        Assert.Contains("stopping", (string)error["error"]!["message"]!, StringComparison.Ordinal);
        Assert.Equal("1", await client.CallTextAsync("add"));
    }
}
