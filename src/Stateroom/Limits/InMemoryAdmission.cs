using System.Collections.Concurrent;
using Microsoft.Extensions.Options;
using Stateroom.Sessions;
using Stateroom.Tenancy;

namespace Stateroom.Limits;

/// <summary>Keeps the limits for a server that runs on one instance. Who has nothing under way and was quiet for a while takes up no memory.</summary>
public sealed class InMemoryAdmission : IAdmission
{
    private const int FirstSweep = 64;

    private readonly ConcurrentDictionary<(TenantId Tenant, bool Anonymous), TenantTraffic> _tenants = new();
    private readonly LimitTable _limits;
    private readonly TimeProvider _time;
    private readonly long _origin;
    private int _sweepAt = FirstSweep;

    /// <summary>Makes an admission that has seen nobody yet.</summary>
    /// <param name="limits">The limits.</param>
    /// <param name="time">The clock.</param>
    public InMemoryAdmission(IOptions<LimitOptions> limits, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(limits);
        ArgumentNullException.ThrowIfNull(time);
        _limits = new(new SessionOptions(), limits.Value);
        _time = time;
        _origin = time.GetTimestamp();
    }

    /// <summary>How many tenants something is known of. For tests.</summary>
    internal int Count => _tenants.Count;

    private TimeSpan Now => _time.GetElapsedTime(_origin);

    /// <inheritdoc/>
    public ValueTask<Admission> AdmitAsync(AdmissionRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request.Caller, nameof(request));
        cancellationToken.ThrowIfCancellationRequested();
        var limits = _limits.Of(request.Caller.Tenant);
        if (!limits.Apply(request))
        {
            return default;
        }

        var room = (request.Caller.Tenant, request.Caller.IsAnonymous);
        while (true)
        {
            if (!_tenants.TryGetValue(room, out var tenant))
            {
                Sweep();
                tenant = _tenants.GetOrAdd(room, static (_, limits) => new(limits), limits);
            }

            if (tenant.Admit(request, Now) is { } admission)
            {
                return new(admission);
            }

            _tenants.TryRemove(new(room, tenant));
        }
    }

    /// <inheritdoc/>
    public ValueTask<LimitUse> ReadUseAsync(TenantId tenant, CancellationToken cancellationToken) => Use((tenant, false), null, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<LimitUse> ReadUseAsync(Caller caller, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(caller);
        return Use((caller.Tenant, caller.IsAnonymous), caller.IsAnonymous ? null : caller.Owner, cancellationToken);
    }

    private ValueTask<LimitUse> Use((TenantId Tenant, bool Anonymous) room, string? owner, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return new(_tenants.TryGetValue(room, out var tenant) ? tenant.Use(owner, Now) : default);
    }

    /// <summary>Forgets idle tenants, once in as many new ones as there are.</summary>
    private void Sweep()
    {
        if (_tenants.Count < Volatile.Read(ref _sweepAt))
        {
            return;
        }

        foreach (var (room, tenant) in _tenants)
        {
            if (tenant.TryRetire(Now))
            {
                _tenants.TryRemove(new(room, tenant));
            }
        }

        Volatile.Write(ref _sweepAt, Math.Max(FirstSweep, 2 * _tenants.Count));
    }
}
