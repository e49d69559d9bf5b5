using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using StackExchange.Redis;
using Stateroom.Redis.Tests.Support;
using Stateroom.Sessions;
using Xunit;

namespace Stateroom.Redis.Tests.KeyRing;

/// <summary>The rings of instances stay the same while they run.</summary>
public sealed class KeyRingUpkeepTests(RedisServer server)
{
    private readonly string _prefix = $"test:{SessionId.New()}";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_key_that_another_instance_made_has_the_ring_read_again()
    {
        using var a = await StartAsync();
        using var b = await StartAsync();
        _ = Protector(a).Protect([1]);
        var (atA, atB) = (a.Services.GetRequiredService<IKeyManager>(), b.Services.GetRequiredService<IKeyManager>());
        Assert.Single(atB.GetAllKeys());
        var outdated = atA.GetCacheExpirationToken();
        Assert.False(outdated.IsCancellationRequested);

        var made = atB.CreateNewKey(DateTimeOffset.UtcNow, DateTimeOffset.UtcNow.AddDays(90));

        await Eventually.TrueAsync(() => outdated.IsCancellationRequested);
        Assert.Contains(atA.GetAllKeys(), key => key.KeyId == made.KeyId);
        Assert.Equal(2, atA.GetAllKeys().Count);
        Assert.False(atA.GetCacheExpirationToken().IsCancellationRequested);
    }

    [Fact]
    public async Task What_Redis_has_lost_is_put_back_by_those_who_have_seen_it_and_stands_once_for_its_readers()
    {
        using var a = await StartAsync();
        using var b = await StartAsync();
        var text = Protector(a).Protect([1]);
        Assert.Equal([1], Protector(b).Unprotect(text));
        await using var redis = await ConnectionMultiplexer.ConnectAsync(server.Configuration);
        var ring = new RedisKeys(_prefix).KeyRing;
        Assert.True(await redis.GetDatabase().KeyDeleteAsync(ring));

        await Eventually.TrueAsync(async () => await redis.GetDatabase().KeyExistsAsync(ring));

        using var c = await StartAsync();
        Assert.Equal([1], Protector(c).Unprotect(text));
        Assert.Single(c.Services.GetRequiredService<IKeyManager>().GetAllKeys());
    }

    private static IDataProtector Protector(IHost host) => host.Services.GetRequiredService<IDataProtectionProvider>().CreateProtector("test");

    private async Task<IHost> StartAsync()
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddStateroomRedis(o =>
        {
            (o.Configuration, o.KeyPrefix) = (server.Configuration, _prefix);
            (o.HeartbeatInterval, o.CallTimeout) = (TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(20));
        });
        var host = builder.Build();
        await host.StartAsync(Cancel);
        return host;
    }
}
