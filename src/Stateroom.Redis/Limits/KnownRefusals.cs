using System.Collections.Concurrent;
using Stateroom.Limits;

namespace Stateroom.Redis.Limits;

/// <summary>
/// Remembers until when a tenant or an owner has no token for certain, so that a flood is answered here and costs Redis nothing. Tokens come back at a known
/// rate and other instances only take some: until then Redis would refuse too.
/// </summary>
internal sealed class KnownRefusals
{
    private const int MostParties = 10_000;

    private readonly ConcurrentDictionary<Party, (long Until, LimitRefusal Refusal)> _refusals = new();

    /// <summary>The refusal that still stands for the tenant or the owner.</summary>
    public LimitRefusal? Find(Party party, long now) => FindOne(party with { Owner = Party.WholeTenant }, now) ?? FindOne(party, now);

    public void Add(Party party, LimitRefusal refusal, long now)
    {
        if (_refusals.Count >= MostParties)
        {
            // Only something to save work with.
            _refusals.Clear();
        }

        _refusals[party] = (now + (long)refusal.RetryAfter.TotalMilliseconds, refusal);
    }

    private LimitRefusal? FindOne(Party party, long now)
    {
        if (!_refusals.TryGetValue(party, out var known))
        {
            return null;
        }

        if (known.Until > now)
        {
            return known.Refusal with { RetryAfter = TimeSpan.FromMilliseconds(known.Until - now) };
        }

        _refusals.TryRemove(new(party, known));
        return null;
    }
}
