using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Stateroom.Limits;
using Stateroom.Redis.Diagnostics;
using Stateroom.Redis.Scripts;
using Stateroom.Sessions;
using Stateroom.Tenancy;

namespace Stateroom.Redis.Limits;

/// <summary>
/// Keeps the limits over all instances, in one command a request. Places are leases, renewed while they are held, so what an instance held that died is free again
/// after <see cref="LeaseTime"/>.
/// </summary>
internal sealed class RedisAdmission : IAdmission, IDisposable
{
    /// <summary>How long a lease stands without being renewed.</summary>
    public static readonly TimeSpan LeaseTime = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan RenewalInterval = LeaseTime / 3;

    private readonly AdmissionScripts _scripts;
    private readonly LimitTable _limits;
    private readonly KnownRefusals _refusals = new();
    private readonly string _instance = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(9));
    private readonly ConcurrentDictionary<RedisLease, byte> _held = new();
    private readonly ILogger _logger;
    private readonly ITimer _renewal;
    private long _leases;

    public RedisAdmission(ScriptRunner runner, RedisKeys keys, IOptions<LimitOptions> limits, TimeProvider time, ILogger<RedisAdmission> logger)
    {
        _scripts = new(runner, keys);
        _limits = new(new SessionOptions(), limits.Value);
        _logger = logger;
        _renewal = time.CreateTimer(static self => _ = ((RedisAdmission)self!).RenewAsync(), this, RenewalInterval, RenewalInterval);
    }

    /// <summary>The last release. For tests.</summary>
    internal Task Releasing { get; private set; } = Task.CompletedTask;

    public ValueTask<Admission> AdmitAsync(AdmissionRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request.Caller, nameof(request));
        cancellationToken.ThrowIfCancellationRequested();
        var limits = _limits.Of(request.Caller.Tenant);
        return limits.Apply(request) ? AdmitAsync(request, limits, cancellationToken) : default;
    }

    public ValueTask<LimitUse> ReadUseAsync(TenantId tenant, CancellationToken cancellationToken) =>
        new(_scripts.ReadUseAsync(Party.Of(tenant, anonymous: false, owner: null), _limits.Of(tenant).TenantRate, cancellationToken));

    public ValueTask<LimitUse> ReadUseAsync(Caller caller, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(caller);
        var limits = _limits.Of(caller.Tenant);
        return new(_scripts.ReadUseAsync(
            Party.Of(caller.Tenant, caller.IsAnonymous, caller.IsAnonymous ? null : caller.Owner),
            caller.IsAnonymous ? limits.TenantRate : limits.OwnerRate,
            cancellationToken));
    }

    public void Dispose() => _renewal.Dispose();

    /// <summary>Lets everything that is held stand for as long again.</summary>
    internal async Task RenewAsync()
    {
        foreach (var tenant in _held.Keys.GroupBy(lease => lease.Party.Tag, StringComparer.Ordinal))
        {
            try
            {
                foreach (var leases in tenant.Chunk(500))
                {
                    Array.ForEach(leases, lease => lease.Renew());
                    await _scripts.HoldAsync(leases, CancellationToken.None);

                    // What was given back just then may have been taken up again by this.
                    await Task.WhenAll(leases.Where(lease => lease.IsReleased).Select(ReleaseAsync));
                }
            }
            catch (SessionStoreUnavailableException exception)
            {
                Log.LeasesNotRenewed(_logger, exception);
            }
        }
    }

    internal void Release(RedisLease lease)
    {
        _held.TryRemove(lease, out _);
        Releasing = ReleaseAsync(lease);
    }

    private async ValueTask<Admission> AdmitAsync(AdmissionRequest request, LimitsInForce limits, CancellationToken cancellationToken)
    {
        var party = Party.Of(request);
        if (request.Messages > 0 && _refusals.Find(party, _scripts.Now) is { } known)
        {
            return new(known);
        }

        // Held from now on: whether Redis has it is unknown if no answer comes, and what it may have is given back.
        var lease = Hold(request, party, limits);
        try
        {
            var reply = await _scripts.AdmitAsync(request, party, limits, lease?.Id ?? string.Empty, cancellationToken);
            var admission = Read(request, party, limits, reply);
            if (admission.Refusal is null && admission.PlaceRefusal is null)
            {
                return admission with { Lease = lease };
            }

            Drop(lease);
            return admission;
        }
        catch
        {
            lease?.Dispose();
            throw;
        }
    }

    private RedisLease? Hold(in AdmissionRequest request, Party party, LimitsInForce limits)
    {
        var places = limits.Places(request.Place);
        if (request.Count == 0 || (places.Tenant == 0 && (places.Owner == 0 || !party.IsOwner)))
        {
            return null;
        }

        var lease = new RedisLease(this, $"{_instance}.{Interlocked.Increment(ref _leases)}", party, request.Place, request.Count);
        _held[lease] = 0;
        return lease;
    }

    /// <summary>Forgets a lease that Redis refused, and so does not have unless a renewal came before.</summary>
    private void Drop(RedisLease? lease)
    {
        if (lease is { IsRenewed: true })
        {
            lease.Dispose();
        }
        else if (lease?.GiveUp() == true)
        {
            _held.TryRemove(lease, out _);
        }
    }

    private Admission Read(in AdmissionRequest request, Party party, LimitsInForce limits, ScriptReply reply)
    {
        var ofTenant = reply.Number(2) == 1;
        if (reply.Status == 0)
        {
            var wait = TimeSpan.FromMilliseconds(reply.Number(3));
            var refusal = ofTenant ? LimitNames.TenantRate(limits, wait) : LimitNames.OwnerRate(limits, wait);
            if (request.Messages == 1)
            {
                _refusals.Add(ofTenant ? party with { Owner = Party.WholeTenant } : party, refusal, _scripts.Now);
            }

            return new(refusal);
        }

        var places = limits.Places(request.Place);
        return reply.Number(2) == 0 ? default
            : new(null, ofTenant ? LimitNames.OfTenant(request.Place, places.Tenant) : LimitNames.OfOwner(request.Place, places.Owner));
    }

    private async Task ReleaseAsync(RedisLease lease)
    {
        try
        {
            await _scripts.ReleaseAsync(lease, CancellationToken.None);
        }
        catch (SessionStoreUnavailableException exception)
        {
            // It lapses by itself.
            Log.LeaseNotReleased(_logger, exception);
        }
    }
}
