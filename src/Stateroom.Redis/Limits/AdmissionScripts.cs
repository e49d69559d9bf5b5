using StackExchange.Redis;
using Stateroom.Limits;
using Stateroom.Redis.Scripts;

namespace Stateroom.Redis.Limits;

/// <summary>The scripts that keep the limits of traffic, each a method. All keys of a tenant lie in one slot.</summary>
internal sealed class AdmissionScripts(ScriptRunner runner, RedisKeys keys)
{
    private static readonly RedisScript Admitting = new("Admit");
    private static readonly RedisScript Holding = new("Hold");
    private static readonly RedisScript Releasing = new("Release");
    private static readonly RedisScript Using = new("Use");

    /// <summary>Milliseconds on a monotonic clock.</summary>
    public long Now => runner.Now;

    /// <summary>Status 1: the messages were counted, and [2] says whether the places could not be had, 1 for the tenant's, 2 for the owner's; 0: nothing was, [2] likewise, [3] ms to wait.</summary>
    public Task<ScriptReply> AdmitAsync(in AdmissionRequest request, Party party, LimitsInForce limits, string lease, CancellationToken cancellationToken)
    {
        var places = limits.Places(request.Place);
        var limited = places.Tenant > 0 || (party.IsOwner && places.Owner > 0);
        return runner.RunAsync(
            Admitting,
            [
                keys.Bucket(party.Tag, Party.WholeTenant), keys.Bucket(party.Tag, party.Owner),
                keys.Places(party.Tag, Party.WholeTenant, request.Place), keys.Places(party.Tag, party.Owner, request.Place),
            ],
            [
                default, request.Messages,
                limits.TenantRate.PerSecond, limits.TenantRate.Burst, party.IsOwner ? limits.OwnerRate.PerSecond : 0, limits.OwnerRate.Burst,
                limited ? request.Count : 0, places.Tenant, party.IsOwner ? places.Owner : 0, lease, Milliseconds(RedisAdmission.LeaseTime),
            ],
            cancellationToken);
    }

    /// <summary>Lets leases of one tenant stand for as long again.</summary>
    public Task HoldAsync(IReadOnlyCollection<RedisLease> leases, CancellationToken cancellationToken)
    {
        var numbers = new Dictionary<RedisKey, int>();
        List<RedisValue> args = [default, Milliseconds(RedisAdmission.LeaseTime)];
        foreach (var (key, place) in leases.SelectMany(lease => Keys(lease).SelectMany(key => lease.Places.Select(place => (key, place)))))
        {
            numbers.TryAdd(key, numbers.Count + 1);
            args.Add(numbers[key]);
            args.Add(place);
        }

        return runner.RunAsync(Holding, [.. numbers.OrderBy(n => n.Value).Select(n => n.Key)], [.. args], cancellationToken);
    }

    public Task ReleaseAsync(RedisLease lease, CancellationToken cancellationToken) =>
        runner.RunAsync(Releasing, Keys(lease), [default, .. lease.Places], cancellationToken);

    public async Task<LimitUse> ReadUseAsync(Party party, RequestRate rate, CancellationToken cancellationToken)
    {
        var reply = await runner.RunAsync(
            Using,
            [keys.Bucket(party.Tag, party.Owner), keys.Places(party.Tag, party.Owner, AdmissionPlace.Call), keys.Places(party.Tag, party.Owner, AdmissionPlace.Stream)],
            [default, rate.PerSecond],
            cancellationToken);
        return new((int)reply.Number(2), (int)reply.Number(3), (int)reply.Number(4));
    }

    private RedisKey[] Keys(RedisLease lease) => lease.Party.IsOwner
        ? [keys.Places(lease.Party.Tag, Party.WholeTenant, lease.Place), keys.Places(lease.Party.Tag, lease.Party.Owner, lease.Place)]
        : [keys.Places(lease.Party.Tag, Party.WholeTenant, lease.Place)];

    private static long Milliseconds(TimeSpan span) => (long)span.TotalMilliseconds;
}
