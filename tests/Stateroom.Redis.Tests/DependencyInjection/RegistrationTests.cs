using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using StackExchange.Redis;
using Stateroom.Diagnostics;
using Stateroom.Encryption;
using Stateroom.Limits;
using Stateroom.Messaging;
using Stateroom.Redis.Limits;
using Stateroom.Redis.Messaging;
using Stateroom.Redis.Sessions;
using Stateroom.Redis.Tests.Support;
using Stateroom.Sessions;
using Stateroom.Tenancy;
using Xunit;

namespace Stateroom.Redis.Tests.DependencyInjection;

public sealed class RegistrationTests(RedisServer server)
{
    private static readonly Caller Alice = new(new TenantId("acme"), "alice");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Redis_takes_the_place_of_the_parts_in_process_whichever_comes_first(bool first)
    {
        using var host = Build(services =>
        {
            if (!first)
            {
                services.AddStateroom();
            }

            services.AddMcpServer().WithRedisSessions(server.Configuration).WithRedisSessions(server.Configuration);
            services.AddStateroom();
        });

        var store = Assert.IsType<MeteredSessionStore>(Assert.Single(host.Services.GetServices<ISessionStore>()));
        Assert.IsType<RedisSessionStore>(Assert.IsType<EncryptedSessionStore>(store.Inner).Inner);
        var outbox = Assert.IsType<MeteredSessionOutbox>(Assert.Single(host.Services.GetServices<ISessionOutbox>()));
        Assert.IsType<RedisSessionOutbox>(Assert.IsType<EncryptedSessionOutbox>(outbox.Inner).Inner);
        Assert.Equal(host.Services.GetRequiredService<RedisSessionBackplane>().InstanceId, Assert.Single(host.Services.GetServices<ISessionBackplane>()).InstanceId);
        Assert.Single(host.Services.GetRequiredService<IOptions<HealthCheckServiceOptions>>().Value.Registrations);
    }

    [Fact]
    public async Task A_start_takes_a_place_once_and_leaves_nothing_of_it()
    {
        var prefix = Prefix();
        using var host = Build(services => services
            .AddMcpServer()
            .WithRedisSessions(o => (o.Configuration, o.KeyPrefix) = (server.Configuration, prefix))
            .Services.AddStateroom()
            .AddSingleton<IAdmission>(provider => new Watched(ActivatorUtilities.CreateInstance<RedisAdmission>(provider))));
        var watched = (Watched)host.Services.GetRequiredService<IAdmission>();

        await host.StartAsync(Cancel);

        var (request, admission) = Assert.Single(watched.Admitted);
        Assert.Equal((0, AdmissionPlace.Call, 1), (request.Messages, request.Place, request.Count));
        Assert.NotNull(admission.Lease);
        await watched.Inner.Releasing;
        Assert.Equal(0, (await watched.ReadUseAsync(Caller.Anonymous, Cancel)).Calls);
        await host.StopAsync(Cancel);
    }

    [Fact]
    public async Task A_connection_that_the_application_gave_is_left_open()
    {
        await using var given = await ConnectionMultiplexer.ConnectAsync(server.Configuration);
        using (var host = Build(services => services.AddMcpServer().WithRedisSessions(given, o => o.KeyPrefix = Prefix())))
        {
            await host.StartAsync(Cancel);
            await UseAsync(host);
            await host.StopAsync(Cancel);
        }

        Assert.True(given.IsConnected);
        await given.GetDatabase().PingAsync();
    }

    [Fact]
    public async Task A_connection_that_was_opened_here_is_closed_here()
    {
        var prefix = Prefix();
        await using var observer = await ConnectionMultiplexer.ConnectAsync($"{server.Configuration},allowAdmin=true");
        Task<int> CountAsync() => Task.FromResult(observer.GetServers()[0].ClientList().Count(c => c.Name == prefix));
        await using (var services = (ServiceProvider)Services(s => s.AddMcpServer().WithRedisSessions(o =>
            (o.Configuration, o.KeyPrefix) = ($"{server.Configuration},name={prefix}", prefix))).BuildServiceProvider())
        {
            var store = services.GetRequiredService<ISessionStore>();
            await store.TouchAsync(new(Alice, SessionId.New(), SessionEra.Handshake), Cancel);
            Assert.NotEqual(0, await CountAsync());
        }

        await Eventually.TrueAsync(async () => await CountAsync() == 0);
    }

    [Fact]
    public async Task A_host_without_its_Redis_starts_is_not_ready_and_becomes_so_when_Redis_comes()
    {
        await using var late = new RedisServer();
        await late.InitializeAsync();
        await late.KillAsync();
        using var host = Build(services => services.AddMcpServer().WithRedisSessions(o =>
        {
            o.Configuration = late.Configuration;
            o.HeartbeatInterval = TimeSpan.FromMilliseconds(200);
            o.CallTimeout = TimeSpan.FromSeconds(5);
        }));
        await host.StartAsync(Cancel);
        Assert.Equal(HealthStatus.Unhealthy, (await ReportAsync(host)).Status);
        await Assert.ThrowsAsync<SessionStoreUnavailableException>(async () => await UseAsync(host));

        await late.RestartAsync();
        await Eventually.TrueAsync(async () => (await ReportAsync(host)).Status == HealthStatus.Healthy);

        await UseAsync(host);
        await late.KillAsync();
        await Eventually.TrueAsync(async () => (await ReportAsync(host)).Status == HealthStatus.Unhealthy);
        await host.StopAsync(Cancel);
    }

    [Fact]
    public async Task A_host_has_looked_something_up_before_it_has_started()
    {
        await using var fresh = new RedisServer();
        await fresh.InitializeAsync();
        await using var observer = await ConnectionMultiplexer.ConnectAsync($"{fresh.Configuration},allowAdmin=true");
        async Task<bool> HasRunScriptsAsync() => (await observer.GetServers()[0].InfoAsync("commandstats")).Any(section => section.Any(stat => stat.Key.StartsWith("cmdstat_eval", StringComparison.Ordinal)));
        using var host = Build(services => services.AddMcpServer().WithRedisSessions(fresh.Configuration));
        Assert.False(await HasRunScriptsAsync());

        await host.StartAsync(Cancel);

        Assert.True(await HasRunScriptsAsync());
        await host.StopAsync(Cancel);
    }

    [Fact]
    public async Task What_is_wrong_with_the_options_stops_the_start_and_shows_no_secret()
    {
        using var host = Build(services => services.AddMcpServer().WithRedisSessions(o =>
        {
            o.Configuration = "password=hunter2";
            o.KeyPrefix = "a{b}";
            o.CallTimeout = TimeSpan.Zero;
        }));

        var exception = await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync(Cancel));

        Assert.Equal(3, exception.Failures.Count());
        Assert.DoesNotContain("hunter2", exception.ToString(), StringComparison.Ordinal);
    }

    private static string Prefix() => $"test:{SessionId.New()}";

    private static IServiceCollection Services(Action<IServiceCollection> configure)
    {
        var services = new ServiceCollection().AddLogging();
        configure(services);
        return services;
    }

    private static IHost Build(Action<IServiceCollection> configure)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        configure(builder.Services);
        return builder.Build();
    }

    private static Task<HealthReport> ReportAsync(IHost host) => host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync(Cancel);

    private static async Task UseAsync(IHost host)
    {
        var creation = await host.Services.GetRequiredService<ISessionStore>().CreateAsync(new() { Caller = Alice, Era = SessionEra.Handshake }, Cancel);
        Assert.Equal(SessionCreationStatus.Created, creation.Status);
    }

    private sealed class Watched(RedisAdmission inner) : IAdmission, IDisposable
    {
        public RedisAdmission Inner => inner;

        public List<(AdmissionRequest Request, Admission Admission)> Admitted { get; } = [];

        public void Dispose() => inner.Dispose();

        public async ValueTask<Admission> AdmitAsync(AdmissionRequest request, CancellationToken cancellationToken)
        {
            var admission = await inner.AdmitAsync(request, cancellationToken);
            Admitted.Add((request, admission));
            return admission;
        }

        public ValueTask<LimitUse> ReadUseAsync(TenantId tenant, CancellationToken cancellationToken) => inner.ReadUseAsync(tenant, cancellationToken);

        public ValueTask<LimitUse> ReadUseAsync(Caller caller, CancellationToken cancellationToken) => inner.ReadUseAsync(caller, cancellationToken);
    }
}
