using StackExchange.Redis;
using Stateroom.Redis.Connection;
using Stateroom.SingleUse;
using Stateroom.Tenancy;

namespace Stateroom.Redis.SingleUse;

/// <summary>Remembers used tokens in Redis, for all instances: <c>SET … NX PX</c>, whose first caller wins.</summary>
internal sealed class RedisUsedTokens(RedisCommands commands, RedisKeys keys) : IUsedTokens
{
    public async ValueTask<bool> TryUseAsync(TenantId tenant, string token, TimeSpan retention, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(token);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(retention, TimeSpan.Zero);
        return await commands.RunAsync(
            static (multiplexer, use) => multiplexer.GetDatabase().StringSetAsync(use.Key, 1, use.Retention, When.NotExists, CommandFlags.DemandMaster),
            (Key: keys.UsedToken(tenant, token), Retention: retention),
            cancellationToken);
    }
}
