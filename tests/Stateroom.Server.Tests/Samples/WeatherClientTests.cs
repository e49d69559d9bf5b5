using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Stateroom.AspNetCore;
using Stateroom.AspNetCore.Authentication;
using Stateroom.Server.Tools;
using Stateroom.Server.Weather;
using Stateroom.Server.Weather.Sample;
using Stateroom.Sessions;
using Stateroom.Tenancy;

namespace Stateroom.Server.Tests.Samples;

public sealed class WeatherClientTests : IAsyncLifetime
{
    private static readonly Caller Alice = new(new TenantId("acme"), "alice");
    private LoopbackApp _server = null!;

    public async ValueTask InitializeAsync() => _server = await LoopbackApp.StartAsync(
        services =>
        {
            services.AddAuthorization();
            services.AddAuthentication(ApiKeyDefaults.AuthenticationScheme).AddApiKeys(options =>
            {
                options.AllowPlainKeys = true;
                options.Keys.Add(new() { Key = "key-of-alice", Tenant = "acme", Owner = "alice" });
            });
            services.AddSingleton<IWeatherProvider, SampleProvider>().AddSingleton<WeatherService>();
            services.Configure<SessionEndpointOptions>(options => options.SessionTools = true);
            services.AddMcpServer().WithTools<WeatherTools>().WithTools<SessionInfoTools>().WithCallErrors().WithSessions();
        },
        app =>
        {
            app.UseAuthentication();
            app.UseAuthorization();
            app.MapMcpSessions("/mcp").RequireAuthorization();
        });

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Theory]
    [InlineData("handshake", SessionEra.Handshake)]
    [InlineData("stateless", SessionEra.Stateless)]
    public async Task It_starts_over_when_its_session_is_gone_and_ends_it_when_it_is_told_to_stop(string name, SessionEra era)
    {
        await using var client = Start(name);
        await client.TypeAsync("Pune");
        Assert.Contains("84.9 °F", await client.ReadAsync("Pune"), StringComparison.Ordinal);

        await EndAsync(Assert.Single(await SessionsAsync(era)));
        await client.TypeAsync("Paris");
        await client.ReadAsync("Starting over");
        Assert.Contains("62.4 °F", await client.ReadAsync("Paris"), StringComparison.Ordinal);

        Assert.Single(await SessionsAsync(era));
        await client.TerminateAsync();
        await client.ReadAsync("The session is ended");
        Assert.Equal(130, await client.WaitAsync());
        Assert.Empty(await SessionsAsync(era));
    }

    [Theory]
    [InlineData("handshake", SessionEra.Handshake)]
    [InlineData("stateless", SessionEra.Stateless)]
    public async Task It_answers_questions_and_ends_its_session_when_it_is_done(string name, SessionEra era)
    {
        await using var client = Start(name, "Pune", "Springfield");
        await client.ReadAsync("Which one do you mean?");
        await client.ReadAsync("Springfield, Missouri, United States: 66.6 °F");
        Assert.Contains("\"toolCallCount\":1", await client.ReadAsync("\"owner\":\"alice\""), StringComparison.Ordinal);
        Assert.Equal(0, await client.WaitAsync());
        Assert.Empty(await SessionsAsync(era));
    }

    [Fact]
    public async Task A_command_line_that_it_does_not_understand_is_answered_with_the_right_one()
    {
        await using var client = new ClientProcess("--era", "stone");
        await client.ReadAsync("There is no era 'stone'.");
        await client.ReadAsync("Usage:");
        Assert.Equal(2, await client.WaitAsync());
    }

    private ClientProcess Start(string era, params string[] cities) =>
        new(["--url", new Uri(_server.Address, "/mcp").ToString(), "--key", "key-of-alice", "--units", "imperial", "--era", era, .. cities]);

    private async Task<IReadOnlyList<SessionRecord>> SessionsAsync(SessionEra era) =>
        await _server.Services.GetRequiredService<ISessionStore>().ListAsync(Alice, era, TestContext.Current.CancellationToken);

    private Task<bool> EndAsync(SessionRecord session) => _server.Services.GetRequiredService<SessionLifecycle>().EndAsync(
        new SessionClaim(Alice, session.Key.Id, session.Era), TestContext.Current.CancellationToken);
}
