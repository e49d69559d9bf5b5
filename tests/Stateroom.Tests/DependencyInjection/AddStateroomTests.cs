using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Stateroom.Diagnostics;
using Stateroom.Messaging;
using Stateroom.Sessions;
using Stateroom.State;
using Stateroom.Tests.State;
using Xunit;

namespace Stateroom.Tests.DependencyInjection;

public sealed class AddStateroomTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_fault_of_the_options_is_reported_at_start_up_with_its_fix()
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddStateroom(o =>
        {
            o.IdleTimeout = TimeSpan.Zero;
            o.AbsoluteLifetime = TimeSpan.FromSeconds(-1);
            o.SweepInterval = TimeSpan.FromDays(100);
            o.MaxSessionsPerTenant = 0;
            o.MaxSessionsPerOwner = -1;
            o.MaxStateBytes = 1023;
            o.MaxClientBytes = 1023;
            o.MaxSubscriptions = 0;
            o.MaxStreams = 0;
            o.MaxOutboxMessages = 0;
            o.MaxOutboxBytes = 0;
            o.StreamRetention = TimeSpan.Zero;
        });
        using var host = builder.Build();

        var refused = await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync(Cancel));

        Assert.Equal(12, refused.Failures.Count());
        foreach (var option in typeof(SessionOptions).GetProperties())
        {
            Assert.Contains(refused.Failures, f => f.StartsWith($"{option.Name} is ", StringComparison.Ordinal) && f.Contains("Set it to at least ", StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task Faulty_names_of_state_are_reported_at_start_up()
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddStateroom();
        builder.Services.Configure<SessionStateOptions>(o => o
            .AddType<Counter>("same").AddType<Weather>("same").AddType<Basket<int>>("stateroom/basket").AddType<Basket<string>>("a").AddType<Basket<string>>("b"));
        using var host = builder.Build();

        var refused = await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync(Cancel));

        Assert.Equal(3, refused.Failures.Count());
    }

    [Fact]
    public async Task A_host_starts_with_what_is_added_by_default_and_more_than_once()
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddStateroom(o => o.IdleTimeout = TimeSpan.FromMinutes(1));
        builder.Services.AddStateroom(o => o.MaxSessionsPerOwner = 7);
        using var host = builder.Build();
        await host.StartAsync(Cancel);

        var options = host.Services.GetRequiredService<IOptions<SessionOptions>>().Value;
        Assert.Equal((TimeSpan.FromMinutes(1), 7), (options.IdleTimeout, options.MaxSessionsPerOwner));
        Assert.Single(host.Services.GetServices<IHostedService>().OfType<SessionSweeper>());
        Assert.IsType<InMemorySessionStore>(Assert.IsType<MeteredSessionStore>(host.Services.GetRequiredService<ISessionStore>()).Inner);
        Assert.Same(host.Services.GetRequiredService<ISessionState<Counter>>(), host.Services.GetRequiredService<ISessionState<Counter>>());
        await host.StopAsync(Cancel);
    }

    [Fact]
    public void The_defaults_are_valid() =>
        Assert.True(new SessionOptionsValidator().Validate(null, new SessionOptions()).Succeeded);

    [Fact]
    public async Task A_backend_takes_the_place_of_the_in_process_parts()
    {
        var own = new InMemorySessionBackplane(Microsoft.Extensions.Logging.Abstractions.NullLogger<InMemorySessionBackplane>.Instance);
        await using var host = new TestHost(add: s => s.AddSingleton<ISessionBackplane>(own));

        Assert.Same(own, host.Backplane);
    }
}
