using Microsoft.Extensions.Logging;
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
            byte[] member = [tenant.IsAnonymous ? AnonymousMark : TenantMark, .. LosslessText.Encode(tenant.Tenant.Value)];
            await sets.EnterAsync([keys.Tenants], [member], endsAt: 0, cancellationToken);
        }
        catch (SessionStoreUnavailableException exception)
        {
            Log.TenantNotListed(logger, exception);
        }
    }

    public async Task<IEnumerable<TenantRooms>> ListAsync(CancellationToken cancellationToken)
    {
        var reply = await sets.ListAsync(keys.Tenants, cancellationToken);
        return reply.List(2).Select(member => (byte[])member!).Select(member => new TenantRooms(new TenantId(LosslessText.Decode(member.AsSpan(1))), member[0] == AnonymousMark));
    }
}
