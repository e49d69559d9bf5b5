using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Stateroom.Messaging;
using Stateroom.Sessions;
using Stateroom.State;
using Stateroom.Tenancy;
using Xunit;

namespace Stateroom.Tests;

/// <summary>The services as a host has them, a fake clock, and calls as an endpoint would make them.</summary>
internal sealed class TestHost : IAsyncDisposable
{
    public static readonly Caller Alice = new(new TenantId("acme"), "alice");

    private readonly ServiceProvider _services;

    public TestHost(Action<SessionOptions>? configure = null, Action<IServiceCollection>? add = null)
    {
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddSingleton<TimeProvider>(Time);
        add?.Invoke(services);
        services.AddStateroom(configure);
        _services = services.BuildServiceProvider(new ServiceProviderOptions { ValidateOnBuild = true, ValidateScopes = true });
    }

    public FakeTimeProvider Time { get; } = new();

    public ISessionStore Store => Get<ISessionStore>();

    public ISessionBackplane Backplane => Get<ISessionBackplane>();

    public ISessionCache Cache => Get<ISessionCache>();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public T Get<T>()
        where T : notnull => _services.GetRequiredService<T>();

    public ISessionState<T> State<T>()
        where T : class, new() => Get<ISessionState<T>>();

    public async Task<SessionClaim> OpenAsync(Caller? caller = null)
    {
        var creation = await Store.CreateAsync(new() { Caller = caller ?? Alice, Era = SessionEra.Handshake }, Cancel);
        return new(caller ?? Alice, creation.Session!.Key.Id, SessionEra.Handshake);
    }

    /// <summary>Runs code as a call of a session; the asynchronous flow outside sees no session.</summary>
    public async Task<T> CallAsync<T>(SessionClaim claim, Func<SessionContext, Task<T>> call)
    {
        var session = await Store.TouchAsync(claim, Cancel) ?? throw new InvalidOperationException("No such session.");
        return await RunAsync(new(Store, claim.Caller, claim.Era, session), call);
    }

    /// <summary>Runs code as a stateless-era call without a handle.</summary>
    public Task<T> CallWithoutRoomAsync<T>(Func<SessionContext, Task<T>> call, Caller? caller = null) =>
        RunAsync(new(Store, caller ?? Alice, SessionEra.Stateless, null), call);

    public ValueTask DisposeAsync() => _services.DisposeAsync();

    private async Task<T> RunAsync<T>(SessionContext context, Func<SessionContext, Task<T>> call)
    {
        Get<SessionAccessor>().Current = context;
        return await call(context);
    }
}
