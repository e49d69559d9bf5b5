using Stateroom.ContractTests;
using Stateroom.Redis.SingleUse;
using Stateroom.Redis.Tests.Support;
using Stateroom.SingleUse;
using Stateroom.Tenancy;
using Xunit;

namespace Stateroom.Redis.Tests.SingleUse;

public sealed class RedisUsedTokensTests(RedisServer server) : UsedTokensContract, IAsyncDisposable
{
    private readonly RedisInstances _instances = new(() => server.Configuration);

    protected override IUsedTokens Create()
    {
        var instance = _instances.Add();
        return new RedisUsedTokens(instance.Commands, instance.Keys);
    }

    public ValueTask DisposeAsync() => _instances.DisposeAsync();

    [Fact]
    public async Task Its_key_ends_by_itself_and_shows_neither_tenant_nor_token()
    {
        var instance = _instances.Add();
        await new RedisUsedTokens(instance.Commands, instance.Keys).TryUseAsync(new TenantId("ten:{}*ant"), "to:{}*ken", TimeSpan.FromMinutes(10), TestContext.Current.CancellationToken);

        var multiplexer = await instance.Connection.GetAsync();
        var keys = new List<StackExchange.Redis.RedisKey>();
        await foreach (var found in multiplexer.GetServers()[0].KeysAsync(pattern: $"{_instances.Prefix}:*"))
        {
            keys.Add(found);
        }

        var key = Assert.Single(keys);
        Assert.Matches("^[A-Za-z0-9_:{}-]+:1:u:\\{[A-Za-z0-9_-]{22}\\}$", key.ToString());
        Assert.InRange((await multiplexer.GetDatabase().KeyTimeToLiveAsync(key))!.Value, TimeSpan.FromMinutes(9), TimeSpan.FromMinutes(10));
    }
}
