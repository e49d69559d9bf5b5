using StackExchange.Redis;
using Stateroom.Limits;

namespace Stateroom.Redis.Limits;

/// <summary>Places that this instance holds for somebody.</summary>
internal sealed class RedisLease(RedisAdmission admission, string id, Party party, AdmissionPlace place, int count) : IDisposable
{
    private int _released;
    private int _renewed;

    public string Id => id;

    public Party Party => party;

    public AdmissionPlace Place => place;

    /// <summary>The members of the sets.</summary>
    public RedisValue[] Places { get; } = [.. Enumerable.Range(1, count).Select(i => (RedisValue)$"{id}:{i}")];

    public bool IsReleased => Volatile.Read(ref _released) != 0;

    /// <summary>Whether a renewal has told Redis of it, which then has it even if it refused it.</summary>
    public bool IsRenewed => Volatile.Read(ref _renewed) != 0;

    public void Renew() => Volatile.Write(ref _renewed, 1);

    /// <summary>Gives it up without telling Redis.</summary>
    /// <returns>Whether it was held until now.</returns>
    public bool GiveUp() => Interlocked.Exchange(ref _released, 1) == 0;

    public void Dispose()
    {
        if (GiveUp())
        {
            admission.Release(this);
        }
    }
}
