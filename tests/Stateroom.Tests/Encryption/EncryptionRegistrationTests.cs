using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Stateroom.Diagnostics;
using Stateroom.Encryption;
using Stateroom.Messaging;
using Stateroom.Sessions;
using Stateroom.Tenancy;
using Xunit;

namespace Stateroom.Tests.Encryption;

public sealed class EncryptionRegistrationTests
{
    private static readonly Caller Alice = new(new TenantId("acme"), "alice");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_option_encrypts_what_is_held_in_process_and_expiry_goes_on()
    {
        var time = new FakeTimeProvider();
        using var host = Build(services => services.AddSingleton<TimeProvider>(time).AddDataProtection().UseEphemeralDataProtectionProvider(), encrypt: true);
        await host.StartAsync(Cancel);
        var store = host.Services.GetRequiredService<ISessionStore>();
        var creation = await store.CreateAsync(new() { Caller = Alice, Era = SessionEra.Handshake, State = [new("a", "1"u8.ToArray())] }, Cancel);
        var inner = host.Services.GetRequiredService<InMemorySessionStore>();
        var stored = await inner.TouchAsync(new(Alice, creation.Session!.Key.Id, SessionEra.Handshake), Cancel);
        Assert.True(SealedContent.IsSealed(stored!.FindState("a").Data.Span));

        var ended = new TaskCompletionSource<SessionSignal>();
        using var subscription = host.Services.GetRequiredService<ISessionBackplane>().Subscribe((signal, _) =>
        {
            ended.TrySetResult(signal);
            return default;
        });
        time.Advance(TimeSpan.FromHours(1));
        Assert.Equal(new SessionSignal.Ended(creation.Session.Key), await ended.Task.WaitAsync(Cancel));
        await host.StopAsync(Cancel);
    }

    [Fact]
    public async Task Without_the_option_nothing_stands_before_the_store_in_process()
    {
        using var host = Build(services => services.AddDataProtection(), encrypt: false);
        await host.StartAsync(Cancel);

        Assert.IsType<InMemorySessionStore>(Assert.IsType<MeteredSessionStore>(host.Services.GetRequiredService<ISessionStore>()).Inner);
        await host.StopAsync(Cancel);
    }

    [Fact]
    public async Task Encryption_without_keys_does_not_start()
    {
        using var host = Build(_ => { }, encrypt: true);

        var fault = await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync(Cancel));
        Assert.Contains("AddDataProtection", Assert.Single(fault.Failures), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_backend_that_was_registered_past_the_encryption_does_not_start()
    {
        using var host = Build(
            services =>
            {
                services.AddDataProtection();
                services.AddSingleton<ISessionBackplane>(new InMemorySessionBackplane(NullLogger<InMemorySessionBackplane>.Instance));
            },
            encrypt: true);

        var fault = await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync(Cancel));
        Assert.Contains("AddSessionBackend", Assert.Single(fault.Failures), StringComparison.Ordinal);
    }

    private static IHost Build(Action<IServiceCollection> add, bool encrypt)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        add(builder.Services);
        builder.Services.AddStateroom();
        builder.Services.Configure<EncryptionOptions>(o => o.EncryptAtRest = encrypt);
        return builder.Build();
    }
}
