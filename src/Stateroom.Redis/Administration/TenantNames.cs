using Microsoft.Extensions.Logging;
using StackExchange.Redis;
using Stateroom.Administration;
using Stateroom.Redis.Diagnostics;
using Stateroom.Redis.Sessions;
using Stateroom.Sessions;
using Stateroom.Tenancy;

namespace Stateroom.Redis.Administration;

/// <summary>
/// Which tenants have sessions: a tenant's keys hold its name as a hash only. Whatever enters a session among its tenant's enters the tenant here, beside it;
/// entries that nobody renews lapse.
/// </summary>
internal sealed class TenantNames(EntrySets sets, RedisKeys keys, ILogger logger)
{
    private const byte TenantMark = (byte)'t';
    private const byte AnonymousMark = (byte)'a';

    /// <summary>Enters a tenant. No session is refused because this fails: the names may lie on another node of a cluster, and only administration reads them.</summary>
    public async Task EnterAsync(TenantRooms tenant, CancellationToken cancellationToken)
    {
        try
        {
            await sets.EnterAsync([keys.Tenants], [Member(tenant)], endsAt: 0, cancellationToken);
        }
        catch (SessionStoreUnavailableException exception)
        {
            Log.TenantNotListed(logger, exception);
        }
    }

    /// <summary>Reads some names, those of anonymous callers last. Whoever begins has the set put in order, for everybody who goes on.</summary>
    /// <param name="after">The tenant after which to go on; null to begin.</param>
    /// <param name="count">How many at the most.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<IReadOnlyList<TenantRooms>> ListAsync(TenantRooms? after, int count, CancellationToken cancellationToken)
    {
        var reply = await sets.ListTenantsAsync(keys.Tenants, keys.TenantsInOrder, after is { } last ? Member(last) : RedisValue.EmptyString, count, cancellationToken);
        return [.. reply.List(2).Select(member => Read((byte[])member!))];
    }

    private static byte[] Member(TenantRooms tenant) => [tenant.IsAnonymous ? AnonymousMark : TenantMark, .. LosslessText.Encode(tenant.Tenant.Value)];

    private static TenantRooms Read(byte[] member) => new(new TenantId(LosslessText.Decode(member.AsSpan(1))), member[0] == AnonymousMark);
}
