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
        client.EndInput();
        await client.ReadAsync("Which one do you mean?");
        await client.ReadAsync("The first is taken");
        await client.ReadAsync("Springfield, Missouri, United States: 66.6 °F");
        Assert.Contains("\"toolCallCount\":1", await client.ReadAsync("\"owner\":\"alice\""), StringComparison.Ordinal);
        Assert.Equal(0, await client.WaitAsync());
        Assert.Empty(await SessionsAsync(era));
    }

    [Theory]
    [InlineData("handshake")]
    [InlineData("stateless")]
    public async Task It_reads_answers_from_where_it_reads_cities(string name)
    {
        await using var client = Start(name);
        await client.TypeAsync("Springfield");
        await client.TypeAsync("3");
        await client.TypeAsync("Pune");
        await client.TypeAsync("");
        await client.ReadAsync("Which one do you mean?");
        await client.ReadAsync("Springfield, Illinois, United States:");
        await client.ReadAsync("Pune, Maharashtra, India:");
        Assert.Equal(0, await client.WaitAsync());
    }

    [Theory]
    [InlineData("There is no option --city.", "--city", "Pune")]
    [InlineData("There is no option -x.", "-x")]
    [InlineData("--era needs a value.", "--era")]
    [InlineData("--era is handshake or stateless, not '7'.", "--era", "7")]
    [InlineData("--units is metric or imperial, not 'kelvin'.", "--units", "kelvin")]
    [InlineData("--url is an address such as http://localhost:3000/mcp, not 'localhost:3000'.", "--url", "localhost:3000")]
    public async Task A_command_line_that_it_does_not_understand_is_answered_with_the_right_one(string fault, params string[] arguments)
    {
        await using var client = new ClientProcess(arguments);
        await client.ReadAsync(fault);
        await client.ReadAsync("Usage:");
        Assert.Equal(2, await client.WaitAsync());
    }

    [Theory]
    [InlineData("--help")]
    [InlineData("-h")]
    public async Task It_tells_its_options(string option)
    {
        await using var client = new ClientProcess(option);
        await client.ReadAsync("Usage:");
        Assert.Equal(0, await client.WaitAsync());
    }

    [Theory]
    [InlineData("handshake")]
    [InlineData("stateless")]
    public async Task A_key_that_the_server_does_not_know_is_called_that(string era)
    {
        await using var client = new ClientProcess("--url", new Uri(_server.Address, "/mcp").ToString(), "--key", "bad", "--era", era, "Pune");
        await client.ReadAsync("Give one that it knows with --key. (401 from ");
        Assert.Equal(1, await client.WaitAsync());
    }

    private ClientProcess Start(string era, params string[] cities) =>
        new(["--url", new Uri(_server.Address, "/mcp").ToString(), "--key", "key-of-alice", "--units", "imperial", "--era", era, .. cities]);

    private async Task<IReadOnlyList<SessionRecord>> SessionsAsync(SessionEra era) =>
        await _server.Services.GetRequiredService<ISessionStore>().ListAsync(Alice, era, TestContext.Current.CancellationToken);

    private Task<bool> EndAsync(SessionRecord session) => _server.Services.GetRequiredService<SessionLifecycle>().EndAsync(
        new SessionClaim(Alice, session.Key.Id, session.Era), TestContext.Current.CancellationToken);
}
