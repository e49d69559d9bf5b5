using System.Collections.Concurrent;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Stateroom.Administration;
using Stateroom.Encryption;
using Stateroom.Limits;
using Stateroom.Tenancy;

namespace Stateroom.Sessions;

/// <summary>Holds sessions in the memory of this process: the store of a server that runs on one instance. Its sessions are gone when the process is, so it opens none any more while the host stops.</summary>
/// <remarks>Whoever makes a store without a host calls <see cref="Sweep"/> now and then; in a host this is done every <see cref="SessionOptions.SweepInterval"/>.</remarks>
public sealed class InMemorySessionStore : ISessionStore
{
    private readonly ConcurrentDictionary<TenantRooms, TenantSessions> _tenants = new();
    private readonly SessionOptions _options;
    private readonly LimitTable _limits;
    private readonly SessionClock _clock;
    private readonly CancellationToken _stopping;

    /// <summary>Makes an empty store.</summary>
    /// <param name="options">How long sessions live and how much they may hold.</param>
    /// <param name="time">The clock.</param>
    /// <param name="limits">The tenants to which other limits apply; null for none.</param>
    /// <param name="lifetime">Says when the host stops; null where there is no host.</param>
    public InMemorySessionStore(IOptions<SessionOptions> options, TimeProvider time, IOptions<LimitOptions>? limits = null, IHostApplicationLifetime? lifetime = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(time);
        _options = options.Value;
        _limits = new(_options, limits?.Value);
        _clock = new(time);
        _stopping = lifetime?.ApplicationStopping ?? default;
    }

    /// <inheritdoc/>
    public ValueTask<SessionCreation> CreateAsync(NewSession session, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(session);
        cancellationToken.ThrowIfCancellationRequested();
        if (session.State.DistinctBy(s => s.Key, StringComparer.Ordinal).Count() != session.State.Length)
        {
            throw new ArgumentException("The entries of a session's state have different names.", nameof(session));
        }

        if (_stopping.IsCancellationRequested)
        {
            return new(new SessionCreation(SessionCreationStatus.InstanceStopping));
        }

        var maxStateBytes = _limits.Of(session.Caller.Tenant).MaxStateBytes;
        if (session.State.Sum(s => SealedContent.SizeOf(s.Value.Span)) > maxStateBytes)
        {
            return new(new SessionCreation(SessionCreationStatus.StateTooLarge, Maximum: maxStateBytes));
        }

        if (SealedContent.SizeOf(session.Client.Span) > _options.MaxClientBytes)
        {
            return new(new SessionCreation(SessionCreationStatus.ClientTooLarge, Maximum: _options.MaxClientBytes));
        }

        var room = TenantRooms.Of(session.Caller);
        while (true)
        {
            var tenant = _tenants.GetOrAdd(room, static (room, store) => new(room, store._options, store._limits.Of(room.Tenant), store._clock), this);
            if (tenant.Create(session) is { } creation)
            {
                return new(creation);
            }

            _tenants.TryRemove(new(room, tenant));
        }
    }

    /// <inheritdoc/>
    public ValueTask<SessionRecord?> TouchAsync(SessionClaim claim, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return new(Find(claim.Caller)?.Touch(claim));
    }

    /// <inheritdoc/>
    public ValueTask<StateWriteResult> WriteStateAsync(SessionClaim claim, StateWrite write, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (Find(claim.Caller) is not { } tenant)
        {
            return new(new StateWriteResult(StateWriteStatus.NotFound));
        }

        // A copy of the right size, made outside the lock: the writer may use its buffer again, unless it says that it does not.
        return new(tenant.Write(claim, write is { Data: { } data, IsFinal: false } ? write with { Data = data.ToArray() } : write));
    }

    /// <inheritdoc/>
    public ValueTask<bool> EndAsync(SessionClaim claim, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return new(Find(claim.Caller)?.End(claim) ?? false);
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<SessionRecord>> ListAsync(Caller caller, SessionEra era, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(caller);
        cancellationToken.ThrowIfCancellationRequested();
        return new(Find(caller)?.List(caller, era) ?? []);
    }

    /// <summary>Removes the sessions that have expired. Nobody could reach them any more; this gives their memory back.</summary>
    /// <returns>The keys of the sessions that expired since the last sweep.</returns>
    public IReadOnlyList<SessionKey> Sweep()
    {
        var expired = new List<SessionKey>();
        foreach (var (room, tenant) in _tenants)
        {
            var (keys, retired) = tenant.Sweep();
            expired.AddRange(keys);
            if (retired)
            {
                _tenants.TryRemove(new(room, tenant));
            }
        }

        return expired;
    }

    /// <summary>Whether a session is held, of whichever owner and era.</summary>
    internal bool Holds(SessionKey session) => Holds(session, anonymous: false) || Holds(session, anonymous: true);

    /// <summary>The tenants that have sessions, or had some at the last sweep.</summary>
    internal IReadOnlyCollection<TenantRooms> Tenants() => [.. _tenants.Keys];

    /// <summary>The sessions of a tenant; null if there are none.</summary>
    internal TenantSessions? Find(TenantRooms tenant) => _tenants.GetValueOrDefault(tenant);

    private bool Holds(SessionKey session, bool anonymous) => Find(new TenantRooms(session.Tenant, anonymous))?.Holds(session.Id) == true;

    private TenantSessions? Find(Caller caller) => Find(TenantRooms.Of(caller));
}
