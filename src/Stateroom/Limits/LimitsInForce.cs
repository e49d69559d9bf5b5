using Stateroom.Sessions;
using Stateroom.Tenancy;

namespace Stateroom.Limits;

/// <summary>The limits of one tenant: its own where it has any, else those of all.</summary>
internal sealed class LimitsInForce(TenantLimits? own, LimitOptions all, SessionOptions sessions)
{
    public int MaxSessionsPerTenant { get; } = own?.MaxSessionsPerTenant ?? sessions.MaxSessionsPerTenant;

    public int MaxSessionsPerOwner { get; } = own?.MaxSessionsPerOwner ?? sessions.MaxSessionsPerOwner;

    public int MaxStateBytes { get; } = own?.MaxStateBytes ?? sessions.MaxStateBytes;

    /// <summary>Null where the endpoint's own applies.</summary>
    public long? MaxBodyBytes { get; } = own?.MaxBodyBytes;

    public RequestRate OwnerRate { get; } = new(own?.RequestRatePerOwner ?? all.RequestRatePerOwner, own?.RequestBurstPerOwner ?? all.RequestBurstPerOwner);

    public RequestRate TenantRate { get; } = new(own?.RequestRatePerTenant ?? all.RequestRatePerTenant, own?.RequestBurstPerTenant ?? all.RequestBurstPerTenant);

    private readonly (int Owner, int Tenant) _calls = (own?.MaxCallsPerOwner ?? all.MaxCallsPerOwner, own?.MaxCallsPerTenant ?? all.MaxCallsPerTenant);

    private readonly (int Owner, int Tenant) _streams = (own?.MaxStreamsPerOwner ?? all.MaxStreamsPerOwner, own?.MaxStreamsPerTenant ?? all.MaxStreamsPerTenant);

    /// <summary>How many places there are; 0 for no limit.</summary>
    public (int Owner, int Tenant) Places(AdmissionPlace place) => place switch
    {
        AdmissionPlace.Call => _calls,
        AdmissionPlace.Stream => _streams,
        _ => default,
    };

    /// <summary>Whether there is anything to check for a request.</summary>
    public bool Apply(in AdmissionRequest request)
    {
        var places = Places(request.Place);
        return (request.Messages > 0 && (OwnerRate.Applies || TenantRate.Applies)) || (request.Count > 0 && (places.Owner > 0 || places.Tenant > 0));
    }
}

/// <summary>A token bucket's measures.</summary>
/// <param name="PerSecond">How many tokens come back in a second; 0 for no limit.</param>
/// <param name="Burst">How many there are at the most.</param>
internal readonly record struct RequestRate(int PerSecond, int Burst)
{
    public bool Applies => PerSecond > 0;
}

/// <summary>Knows the limits of each tenant.</summary>
internal sealed class LimitTable
{
    private readonly Dictionary<TenantId, LimitsInForce> _own;
    private readonly LimitsInForce _all;

    public LimitTable(SessionOptions sessions, LimitOptions? limits = null)
    {
        limits ??= new();
        _all = new(null, limits, sessions);
        _own = limits.Tenants.ToDictionary(t => new TenantId(t.Tenant), t => new LimitsInForce(t, limits, sessions));
    }

    public LimitsInForce Of(TenantId tenant) => _own.GetValueOrDefault(tenant, _all);
}
