using System.Net;
using System.Security.Claims;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.DependencyInjection;
using Stateroom.AspNetCore.Tenancy;
using Stateroom.Messaging;

namespace Stateroom.AspNetCore.Tests.Authentication;

/// <summary>A credential that expires ends the streams that it opened, within a minute; the clock is moved, nobody waits.</summary>
public sealed class ExpiryTests
{
    private static readonly TimeSpan _left = TimeSpan.FromMinutes(5);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_general_stream_ends_and_goes_on_with_a_fresh_token()
    {
        await using var server = await ResourceServer.StartAsync();
        using var client = await server.Client(server.Token()).OpenAsync();
        using var stream = await client.StreamAsync(HttpMethod.Get);
        var position = await stream.ReadAsync(Cancellation);

        // While the token serves, so does the stream.
        server.Time.Advance(_left);
        await server.Services.GetRequiredService<ISessionNotifier>().ToolsChangedAsync(null, Cancellation);
        var told = await stream.ReadMessageAsync(Cancellation);
        Assert.Equal("notifications/tools/list_changed", (string?)told.Json["method"]);

        server.Time.Advance(TimeSpan.FromMinutes(1));
        Assert.Null(await stream.ReadAsync(Cancellation));
        using var refused = await client.SendAsync(HttpMethod.Get);
        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);

        using var fresh = server.Client(server.Token());
        fresh.SessionId = client.SessionId;
        using var resumed = await fresh.StreamAsync(HttpMethod.Get, lastEventId: told.Id);
        Assert.Equal(told.Id, (await resumed.ReadAsync(Cancellation))!.Id);
        Assert.NotEqual(told.Id, position!.Id);
    }

    [Fact]
    public async Task The_stream_of_a_call_ends_and_its_response_comes_with_a_fresh_token()
    {
        await using var server = await ResourceServer.StartAsync();
        using var client = await server.Client(server.Token()).OpenAsync();
        using var stream = await client.StreamAsync(HttpMethod.Post, RawClient.Call("report", """{"gate":"g"}""", meta: """{"progressToken":"p"}"""));
        var progress = await stream.ReadMessageAsync(Cancellation);

        server.Time.Advance(_left + TimeSpan.FromMinutes(1));
        Assert.Null(await stream.ReadAsync(Cancellation));
        server.Gates.Open("g");

        using var fresh = server.Client(server.Token());
        fresh.SessionId = client.SessionId;
        using var resumed = await fresh.StreamAsync(HttpMethod.Get, lastEventId: progress.Id);
        JsonObject message;
        do
        {
            message = (await resumed.ReadMessageAsync(Cancellation)).Json;
        }
        while (message["method"] is not null);
        Assert.Equal("reported", RawClient.TextOf(message));
    }

    [Fact]
    public async Task Subscriptions_end_with_their_result()
    {
        await using var server = await ResourceServer.StartAsync();
        using var response = await server.StatelessAsync(
            server.Token(), "subscriptions/listen", new() { ["notifications"] = new JsonObject { ["toolsListChanged"] = true } });
        using var stream = new SseReader(response);
        Assert.Equal("notifications/subscriptions/acknowledged", (string?)(await stream.ReadMessageAsync(Cancellation)).Json["method"]);

        server.Time.Advance(_left + TimeSpan.FromMinutes(1));

        Assert.NotNull((await stream.ReadMessageAsync(Cancellation)).Json["result"]);
        Assert.Null(await stream.ReadAsync(Cancellation));
    }

    [Fact]
    public async Task A_stateless_call_ends_too()
    {
        await using var server = await ResourceServer.StartAsync();
        using var response = await server.StatelessAsync(server.Token(), "tools/call", new()
        {
            ["name"] = "report",
            ["arguments"] = new JsonObject { ["gate"] = "never" },
            ["_meta"] = new JsonObject
            {
                ["progressToken"] = "p",
                ["io.modelcontextprotocol/protocolVersion"] = "2026-07-28",
                ["io.modelcontextprotocol/clientInfo"] = new JsonObject { ["name"] = "wire", ["version"] = "1" },
                ["io.modelcontextprotocol/clientCapabilities"] = new JsonObject(),
            },
        });
        using var stream = new SseReader(response);
        await stream.ReadMessageAsync(Cancellation);

        server.Time.Advance(_left + TimeSpan.FromSeconds(30));
        server.Time.Advance(TimeSpan.FromSeconds(30));
        Assert.Null(await stream.ReadAsync(Cancellation));
    }

    [Fact]
    public async Task Any_scheme_that_says_when_it_expires_ends_them()
    {
        await using var server = await ResourceServer.StartAsync(builder => builder.Services
            .AddAuthentication(options => options.DefaultScheme = "Badge").AddScheme<AuthenticationSchemeOptions, BadgeHandler>("Badge", null));
        using var client = await server.Client("whatever").OpenAsync();
        using var stream = await client.StreamAsync(HttpMethod.Get);
        await stream.ReadAsync(Cancellation);

        server.Time.Advance(TimeSpan.FromHours(1));
        Assert.Null(await stream.ReadAsync(Cancellation));
    }

    private sealed class BadgeHandler(
        Microsoft.Extensions.Options.IOptionsMonitor<AuthenticationSchemeOptions> options,
        Microsoft.Extensions.Logging.ILoggerFactory logger,
        System.Text.Encodings.Web.UrlEncoder encoder,
        TimeProvider time)
        : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
    {
        protected override Task<AuthenticateResult> HandleAuthenticateAsync()
        {
            var identity = new ClaimsIdentity([new(StateroomClaims.Tenant, "acme"), new(StateroomClaims.Owner, "badge")], "Badge");
            return Task.FromResult(AuthenticateResult.Success(new(
                new ClaimsPrincipal(identity), new AuthenticationProperties { ExpiresUtc = time.GetUtcNow() + TimeSpan.FromHours(1) }, "Badge")));
        }
    }
}
