using System.Net;
using Stateroom.Sessions;

namespace Stateroom.AspNetCore.Tests.Stateless;

public sealed class HandleHeaderTests
{
    private const string Header = "Mcp-Param-Session";

    [Fact]
    public async Task A_header_that_agrees_is_accepted()
    {
        await using var host = await StatelessHost.StartAsync(o => o.HandleHeader = true);
        var client = host.Client(Person.AcmeAlice);
        var handle = (await client.CallAsync("count")).Handle!;

        Assert.Equal("2", (await client.CallAsync("count", new() { ["session"] = handle }, null, (Header, handle))).Text);
    }

    [Fact]
    public async Task A_header_that_is_missing_or_differs_is_refused()
    {
        await using var host = await StatelessHost.StartAsync(o => o.HandleHeader = true);
        var client = host.Client(Person.AcmeAlice);
        var handle = (await client.CallAsync("count")).Handle!;

        Refused(await client.CallAsync("count", new() { ["session"] = handle }));
        Refused(await client.CallAsync("count", new() { ["session"] = handle }, null, (Header, SessionId.New())));
        Refused(await client.CallAsync("count", new() { ["session"] = handle }, null, (Header, "=?base64?!?=")));
        Refused(await client.CallAsync("count", null, null, (Header, handle)));
        Assert.Equal("1", (await client.CallAsync("peek", new() { ["session"] = handle }, null, (Header, handle))).Text);
    }

    [Fact]
    public async Task Anonymous_callers_and_servers_without_the_option_do_not_look_at_it()
    {
        await using var asking = await StatelessHost.StartAsync(o => o.HandleHeader = true);
        var handle = (await asking.Client(Person.Nobody).CallAsync("count")).Handle;
        Assert.Equal("2", (await asking.Client(Person.Nobody).CallAsync("count", new() { ["session"] = handle })).Text);

        await using var silent = await StatelessHost.StartAsync();
        Assert.Equal("1", (await silent.Client(Person.AcmeAlice).CallAsync("count", null, null, (Header, SessionId.New()))).Text);
    }

    private static void Refused(Reply reply)
    {
        Assert.Equal(HttpStatusCode.BadRequest, reply.Status);
        Assert.Equal(-32020, reply.Error);
    }
}
