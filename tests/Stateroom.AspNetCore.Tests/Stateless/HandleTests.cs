using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Stateroom.Sessions;
using Stateroom.State;

namespace Stateroom.AspNetCore.Tests.Stateless;

public sealed class HandleTests
{
    [Fact]
    public async Task The_first_write_opens_a_session_and_the_result_carries_its_handle()
    {
        await using var host = await StatelessHost.StartAsync();
        var client = host.Client(Person.AcmeAlice);

        var first = await client.CallAsync("count");
        Assert.Equal("1", first.Text);
        Assert.True(SessionId.IsWellFormed(first.Handle));
        Assert.Equal(1800, first.Result["_meta"]!["stateroom/idleTimeoutSeconds"]!.GetValue<int>());
        var words = first.Result["content"]![1]!["text"]!.GetValue<string>();
        Assert.Contains(first.Handle!, words, StringComparison.Ordinal);
        Assert.Contains("30 minutes", words, StringComparison.Ordinal);

        var second = await client.CallAsync("count", new() { ["session"] = first.Handle });
        Assert.Equal("2", second.Text);
        Assert.Null(second.Handle);
        Assert.Single(second.Result["content"]!.AsArray());
    }

    [Fact]
    public async Task Nothing_is_stored_until_a_tool_writes()
    {
        await using var host = await StatelessHost.StartAsync();

        var reply = await host.Client(Person.AcmeAlice).CallAsync("peek", new() { ["session"] = null });

        Assert.Equal("0", reply.Text);
        Assert.Null(reply.Handle);
        Assert.Empty(await host.Store.ListAsync(Person.AcmeAlice, SessionEra.Stateless, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_tool_that_fails_after_its_first_write_still_tells_the_handle()
    {
        await using var host = await StatelessHost.StartAsync();
        var client = host.Client(Person.AcmeAlice);

        var failed = await client.CallAsync("count_and_fail");

        Assert.True(failed.IsToolError);
        Assert.DoesNotContain("not for the client", failed.Message.ToJsonString(), StringComparison.Ordinal);
        Assert.Equal("1", (await client.CallAsync("peek", new() { ["session"] = failed.Handle })).Text);
    }

    [Fact]
    public async Task A_result_that_calls_share_never_carries_a_handle_over()
    {
        await using var host = await StatelessHost.StartAsync();

        var first = await host.Client(Person.AcmeAlice).CallAsync("count_and_share");
        var second = await host.Client(Person.GlobexAlice).CallAsync("count_and_share");

        Assert.NotEqual(first.Handle, second.Handle);
        Assert.DoesNotContain(first.Handle!, second.Message.ToJsonString(), StringComparison.Ordinal);
        Assert.Equal(2, second.Result["content"]!.AsArray().Count);
    }

    [Fact]
    public async Task Parallel_calls_of_one_session_lose_nothing()
    {
        await using var host = await StatelessHost.StartAsync();
        var client = host.Client(Person.AcmeAlice);
        var handle = (await client.CallAsync("count")).Handle;

        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => client.CallAsync("count", new() { ["session"] = handle })));

        Assert.Equal("21", (await client.CallAsync("peek", new() { ["session"] = handle })).Text);
    }

    [Fact]
    public async Task Use_slides_the_deadline()
    {
        await using var host = await StatelessHost.StartAsync();
        var client = host.Client(Person.AcmeAlice);
        var handle = (await client.CallAsync("count")).Handle;

        for (var i = 0; i < 3; i++)
        {
            host.Time.Advance(TimeSpan.FromMinutes(29));
            Assert.Equal("1", (await client.CallAsync("peek", new() { ["session"] = handle })).Text);
        }
    }

    [Fact]
    public async Task An_anonymous_caller_holds_a_session_by_its_handle()
    {
        await using var host = await StatelessHost.StartAsync();
        var handle = (await host.Client(Person.Nobody).CallAsync("count")).Handle;

        Assert.Equal("2", (await host.Client(Person.Nobody).CallAsync("count", new() { ["session"] = handle })).Text);
    }

    [Fact]
    public async Task Limits_are_told_to_the_model()
    {
        await using var host = await StatelessHost.StartAsync(sessions: o =>
        {
            o.MaxSessionsPerOwner = 1;
            o.MaxStateBytes = 1024;
        });
        var client = host.Client(Person.AcmeAlice);
        var handle = (await client.CallAsync("count")).Handle;

        var tooMany = await client.CallAsync("count");
        Assert.True(tooMany.IsToolError);
        Assert.Contains("MaxSessionsPerOwner", tooMany.Text, StringComparison.Ordinal);
        Assert.Null(tooMany.Handle);

        var tooLarge = await client.CallAsync("note", new() { ["length"] = 2000, ["session"] = handle });
        Assert.True(tooLarge.IsToolError);
        Assert.Contains("1024", tooLarge.Text, StringComparison.Ordinal);
        Assert.Equal("1", (await client.CallAsync("peek", new() { ["session"] = handle })).Text);
    }

    [Fact]
    public async Task A_tool_without_a_session_may_have_such_an_argument_for_itself()
    {
        await using var host = await StatelessHost.StartAsync();

        var reply = await host.Client(Person.AcmeAlice).CallAsync("plain", new() { ["text"] = "as written", ["session"] = "whatever" });

        Assert.Equal("as written", reply.Text);
    }

    [Fact]
    public async Task A_first_write_at_a_server_that_stops_is_refused_in_words_where_its_session_would_be_lost()
    {
        await using var host = await StatelessHost.StartAsync();
        var client = host.Client(Person.AcmeAlice);
        var opened = await client.CallAsync("count");
        host.Services.GetRequiredService<IHostApplicationLifetime>().StopApplication();

        var refused = await client.CallAsync("count");

        Assert.True(refused.IsToolError);
        Assert.Null(refused.Handle);
        Assert.Equal(new InstanceStoppingException().Message, refused.Text);
        Assert.Equal("0", (await client.CallAsync("peek")).Text);
        Assert.Equal("2", (await client.CallAsync("count", new() { ["session"] = opened.Handle })).Text);
    }
}
