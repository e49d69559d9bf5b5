using Stateroom.Sessions;

namespace Stateroom.Redis.Sessions;

/// <summary>Remembers the addresses that were used last, as a call needs its own more than once and hashing takes its time. One in the place of another is no harm but that work.</summary>
internal sealed class SessionAddresses(RedisKeys keys, SessionOptions options)
{
    private readonly SessionAddress?[] _last = new SessionAddress?[4096];

    public SessionAddress Of(SessionClaim claim)
    {
        ref var last = ref _last[(uint)claim.Id.GetHashCode(StringComparison.Ordinal) % (uint)_last.Length];
        var address = Volatile.Read(ref last);
        if (address is null || address.Claim != claim)
        {
            Volatile.Write(ref last, address = new(claim, keys, options));
        }

        return address;
    }
}
