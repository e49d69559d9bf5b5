namespace Stateroom.Limits;

/// <summary>The traffic of one tenant and its owners, behind one lock: whoever asks for much is in nobody else's way.</summary>
internal sealed class TenantTraffic(LimitsInForce limits)
{
    private const int FirstSweep = 64;

    private readonly Lock _lock = new();
    private readonly Traffic _tenant = new();
    private readonly Dictionary<string, Traffic> _owners = new(StringComparer.Ordinal);
    private int _sweepAt = FirstSweep;
    private bool _retired;

    /// <summary>Admits a request.</summary>
    /// <returns>Null if this object was given up because nothing was under way: the caller takes a new one.</returns>
    public Admission? Admit(in AdmissionRequest request, TimeSpan now)
    {
        lock (_lock)
        {
            if (_retired)
            {
                return null;
            }

            var owner = request.Caller.Party is { } party ? Find(party, now) : null;
            if (request.Messages > 0)
            {
                if (LimitNames.Rate(limits, _tenant.Bucket.Wait(limits.TenantRate, request.Messages, now), owner?.Bucket.Wait(limits.OwnerRate, request.Messages, now)) is { } refusal)
                {
                    return new(refusal);
                }

                _tenant.Bucket.Take(limits.TenantRate, request.Messages, now);
                owner?.Bucket.Take(limits.OwnerRate, request.Messages, now);
            }

            return request.Count > 0 ? Take(request.Place, request.Count, owner) : default(Admission);
        }
    }

    public LimitUse Use(string? owner, TimeSpan now)
    {
        lock (_lock)
        {
            return owner is null ? _tenant.Use(limits.TenantRate, now)
                : _owners.TryGetValue(owner, out var traffic) ? traffic.Use(limits.OwnerRate, now)
                : default;
        }
    }

    /// <summary>Gives this object up if nothing is under way.</summary>
    public bool TryRetire(TimeSpan now)
    {
        lock (_lock)
        {
            Sweep(now);
            return _retired = _owners.Count == 0 && _tenant.IsIdle(limits.TenantRate, now);
        }
    }

    private Traffic Find(string owner, TimeSpan now)
    {
        if (_owners.TryGetValue(owner, out var found))
        {
            return found;
        }

        // Once in as many new owners as there are: it costs each of them next to nothing.
        if (_owners.Count >= _sweepAt)
        {
            Sweep(now);
            _sweepAt = Math.Max(FirstSweep, 2 * _owners.Count);
        }

        return _owners[owner] = new();
    }

    private void Sweep(TimeSpan now)
    {
        foreach (var (name, traffic) in _owners)
        {
            if (traffic.IsIdle(limits.OwnerRate, now))
            {
                _owners.Remove(name);
            }
        }
    }

    private Admission Take(AdmissionPlace place, int count, Traffic? owner)
    {
        var most = limits.Places(place);
        if (most.Tenant > 0 && _tenant.Held(place) + count > most.Tenant)
        {
            return new(null, LimitNames.OfTenant(place, most.Tenant));
        }

        if (owner is not null && most.Owner > 0 && owner.Held(place) + count > most.Owner)
        {
            return new(null, LimitNames.OfOwner(place, most.Owner));
        }

        Hold(place, count, owner);
        return new(null, null, new Lease(this, place, count, owner));
    }

    private void Hold(AdmissionPlace place, int count, Traffic? owner)
    {
        _tenant.Held(place) += count;
        if (owner is not null)
        {
            owner.Held(place) += count;
        }
    }

    private sealed class Lease(TenantTraffic traffic, AdmissionPlace place, int count, Traffic? owner) : IDisposable
    {
        private int _held = count;

        public void Dispose()
        {
            var held = Interlocked.Exchange(ref _held, 0);
            lock (traffic._lock)
            {
                traffic.Hold(place, -held, owner);
            }
        }
    }
}
