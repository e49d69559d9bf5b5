using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Stateroom.AspNetCore.Tests.Support;
using Stateroom.Sessions;
using Stateroom.Tenancy;

namespace Stateroom.AspNetCore.Tests.Handshake;

public class EndTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task DELETE_is_204_then_404_and_closes_streams_and_stops_calls()
    {
        await using var server = await SessionServer.StartAsync();
        using var client = await server.Client().OpenAsync();
        using var general = await client.StreamAsync(HttpMethod.Get);
        await general.ReadAsync(Cancellation);
        using var call = await client.StreamAsync(HttpMethod.Post, RawClient.Call("report", """{"gate":"d"}""", "4", """{"progressToken":1}"""));
        await call.ReadMessageAsync(Cancellation);
        var quiet = client.SendAsync(HttpMethod.Post, RawClient.Call("wait", """{"gate":"q"}"""));
        await server.Gates.ReachedAsync("q");

        Assert.Equal(HttpStatusCode.NoContent, (await RawClient.ReadAsync(client.SendAsync(HttpMethod.Delete))).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await RawClient.ReadAsync(client.SendAsync(HttpMethod.Delete))).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await RawClient.ReadAsync(client.SendAsync(HttpMethod.Post, RawClient.Call("add")))).Status);
        Assert.Null(await general.ReadAsync(Cancellation));
        Assert.Null(await call.ReadAsync(Cancellation));
        using var answered = await quiet;
        Assert.NotEqual("100", await answered.Content.ReadAsStringAsync(Cancellation));
        await CallTests.UntilIdle(server);
    }

    [Fact]
    public async Task A_late_write_does_not_bring_an_ended_session_back()
    {
        await using var server = await SessionServer.StartAsync(s => s.Configure<SessionEndpointOptions>(o => o.StreamAfter = TimeSpan.FromSeconds(20)));
        using var client = await server.Client().OpenAsync();
        var call = client.SendAsync(HttpMethod.Post, RawClient.Call("stubborn", """{"gate":"s"}"""));
        await server.Gates.ReachedAsync("s");
        Assert.Equal(HttpStatusCode.NoContent, (await RawClient.ReadAsync(client.SendAsync(HttpMethod.Delete))).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await RawClient.ReadAsync(call)).Status);

        server.Gates.Open("s");
        await CallTests.UntilIdle(server);
        Assert.Equal(HttpStatusCode.NotFound, (await RawClient.ReadAsync(client.SendAsync(HttpMethod.Post, RawClient.Call("get")))).Status);
    }

    [Fact]
    public async Task A_handler_that_waits_for_its_client_without_a_token_is_let_go()
    {
        await using var server = await SessionServer.StartAsync();
        using var client = await server.Client().OpenAsync();
        using var stream = await client.StreamAsync(HttpMethod.Post, RawClient.Call("ask_stubbornly", """{"gate":"let-go"}"""));
        await stream.ReadMessageAsync(Cancellation);
        await RawClient.ReadAsync(client.SendAsync(HttpMethod.Delete));

        await server.Gates.WaitAsync("let-go", Cancellation).WaitAsync(TimeSpan.FromSeconds(30), Cancellation);
        await CallTests.UntilIdle(server);
    }

    [Fact]
    public async Task An_idle_session_is_404_at_its_deadline_and_a_used_one_lives_on()
    {
        var clock = new FakeTimeProvider(DateTimeOffset.UnixEpoch.AddYears(60));
        await using var server = await SessionServer.StartAsync(s =>
        {
            s.AddSingleton<TimeProvider>(clock);
            s.Configure<SessionOptions>(o => o.IdleTimeout = TimeSpan.FromMinutes(30));
        });
        using var idle = await server.Client().OpenAsync();
        using var used = await server.Client().OpenAsync();
        for (var i = 0; i < 3; i++)
        {
            clock.Advance(TimeSpan.FromMinutes(10));
            await used.CallTextAsync("add");
        }

        Assert.Equal(HttpStatusCode.NotFound, (await RawClient.ReadAsync(idle.SendAsync(HttpMethod.Post, RawClient.Call("add")))).Status);
        Assert.Equal("4", await used.CallTextAsync("add"));
    }

    [Fact]
    public async Task What_an_administrator_or_another_part_ends_is_ended_for_the_client_too()
    {
        await using var server = await SessionServer.StartAsync();
        using var client = await server.Client().OpenAsync();
        using var general = await client.StreamAsync(HttpMethod.Get);
        await general.ReadAsync(Cancellation);
        var claim = new SessionClaim(new Caller(new TenantId("acme"), "alice"), client.SessionId!, SessionEra.Handshake);
        Assert.True(await server.Services.GetRequiredService<SessionLifecycle>().EndAsync(claim, Cancellation));
        Assert.Null(await general.ReadAsync(Cancellation));
        Assert.Equal(HttpStatusCode.NotFound, (await RawClient.ReadAsync(client.SendAsync(HttpMethod.Post, RawClient.Call("add")))).Status);
    }
}
