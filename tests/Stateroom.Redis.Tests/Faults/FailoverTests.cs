using System.Globalization;
using StackExchange.Redis;
using Stateroom.Redis.Tests.Support;
using Stateroom.Sessions;
using Stateroom.Tenancy;
using Xunit;

namespace Stateroom.Redis.Tests.Faults;

/// <summary>A primary that is lost, and the replica in its place.</summary>
public sealed class FailoverTests : IAsyncLifetime
{
    private static readonly Caller Alice = new(new TenantId("acme"), "alice");
    private static readonly Caller Globex = new(new TenantId("globex"), "alice");

    private readonly RedisServer _primary = new();
    private readonly RedisServer _replica = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await _primary.InitializeAsync();
        await _replica.InitializeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _primary.DisposeAsync();
        await _replica.DisposeAsync();
    }

    [Fact]
    public async Task After_a_promotion_what_was_replicated_is_there_the_rest_is_not_found_and_nothing_crosses()
    {
        await using var admin = await ConnectionMultiplexer.ConnectAsync($"{_primary.Configuration},{_replica.Configuration},allowAdmin=true");
        var (primary, replica) = (admin.GetServer(_primary.Configuration), admin.GetServer(_replica.Configuration));
        await replica.ExecuteAsync("REPLICAOF", "127.0.0.1", _primary.Port.ToString(CultureInfo.InvariantCulture));
        await Eventually.TrueAsync(async () => ((string)(await replica.ExecuteAsync("INFO", "replication"))!).Contains("master_link_status:up", StringComparison.Ordinal));
        await using var instance = new RedisInstance(
            $"{_primary.Configuration},{_replica.Configuration}", "test", new SessionOptions(), o => o.CallTimeout = TimeSpan.FromSeconds(5));
        var kept = await OpenAsync(instance, Alice);
        await instance.Store.WriteStateAsync(kept, new("a", 0, "1"u8.ToArray()), Cancel);

        // WAIT looks at what its own connection wrote last.
        await primary.ExecuteAsync("SET", "last", "1");
        Assert.Equal(1, (long)await primary.ExecuteAsync("WAIT", 1, 5000));

        // The replica hears nothing more, and the primary goes on for a while.
        await replica.ExecuteAsync("REPLICAOF", "NO", "ONE");
        var lost = await OpenAsync(instance, Alice);
        var lostToo = await OpenAsync(instance, Globex);
        await _primary.KillAsync();
        await Eventually.TrueAsync(async () =>
        {
            try
            {
                return await instance.Store.TouchAsync(kept, Cancel) is not null;
            }
            catch (SessionStoreUnavailableException)
            {
                return false;
            }
        });

        Assert.Null(await instance.Store.TouchAsync(lost, Cancel));
        Assert.Null(await instance.Store.TouchAsync(lostToo, Cancel));
        Assert.Null(await instance.Store.TouchAsync(kept with { Caller = Globex }, Cancel));
        Assert.Equal(StateWriteStatus.NotFound, (await instance.Store.WriteStateAsync(lost, new("a", 0, "1"u8.ToArray()), Cancel)).Status);
        var found = await instance.Store.TouchAsync(kept, Cancel);
        Assert.Equal("1", System.Text.Encoding.UTF8.GetString(found!.FindState("a").Data.Span));
        Assert.Equal(StateWriteStatus.Written, (await instance.Store.WriteStateAsync(kept, new("a", found.FindState("a").Version, "2"u8.ToArray()), Cancel)).Status);
        Assert.Equal([kept.Id], (await instance.Store.ListAsync(Alice, SessionEra.Handshake, Cancel)).Select(s => s.Key.Id));
        await OpenAsync(instance, Alice);
    }

    private static async Task<SessionClaim> OpenAsync(RedisInstance instance, Caller caller)
    {
        var creation = await instance.Store.CreateAsync(new() { Caller = caller, Era = SessionEra.Handshake }, Cancel);
        return new(caller, creation.Session!.Key.Id, SessionEra.Handshake);
    }
}
