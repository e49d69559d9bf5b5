using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Stateroom.Administration;
using Stateroom.Encryption;
using Stateroom.Limits;
using Stateroom.Redis.Connection;
using Stateroom.Redis.Diagnostics;
using Stateroom.Redis.Messaging;
using Stateroom.Redis.Scripts;
using Stateroom.Sessions;
using Stateroom.Tenancy;

namespace Stateroom.Redis.Sessions;

/// <summary>Holds sessions in Redis, so that any instance serves any of them. Looking a session up is one round trip, writing to it another.</summary>
internal sealed class RedisSessionStore : ISessionStore
{
    private readonly SessionOptions _options;
    private readonly LimitTable _table;
    private readonly SessionScripts _sessions;
    private readonly SessionAddresses _addresses;
    private readonly SessionLimits _limits;
    private readonly EntrySets _sets;
    private readonly TopicSets _topics;
    private readonly RedisCommands _commands;
    private readonly RedisKeys _keys;
    private readonly ILogger _logger;

    public RedisSessionStore(
        RedisCommands commands, ScriptRunner runner, RedisKeys keys, IOptions<SessionOptions> options, ILogger<RedisSessionStore> logger, IOptions<LimitOptions>? limits = null)
    {
        _options = options.Value;
        _table = new(_options, limits?.Value);
        _commands = commands;
        _keys = keys;
        _logger = logger;
        _sessions = new(runner, keys, _options, _table);
        _addresses = new(keys, _options);
        _sets = new(runner, _options);
        _limits = new(_sets, new(_sets, keys, logger), commands, keys, _options, _table);
        _topics = new(_sets, commands, keys);
    }

    /// <summary>The last renewal of entries that a use set off. For tests.</summary>
    internal Task Renewal { get; private set; } = Task.CompletedTask;

    public async ValueTask<SessionCreation> CreateAsync(NewSession session, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(session);
        if (session.State.DistinctBy(s => s.Key, StringComparer.Ordinal).Count() != session.State.Length)
        {
            throw new ArgumentException("The entries of a session's state have different names.", nameof(session));
        }

        var limits = _table.Of(session.Caller.Tenant);
        if (session.State.Sum(s => SealedContent.SizeOf(s.Value.Span)) > limits.MaxStateBytes)
        {
            return new(SessionCreationStatus.StateTooLarge, Maximum: limits.MaxStateBytes);
        }

        if (SealedContent.SizeOf(session.Client.Span) > _options.MaxClientBytes)
        {
            return new(SessionCreationStatus.ClientTooLarge, Maximum: _options.MaxClientBytes);
        }

        var claim = new SessionClaim(session.Caller, session.Id, session.Era);
        var tag = RedisKeys.Tag(claim.Key);
        var (refused, heldUntil, taken) = await _limits.ReserveAsync(claim, cancellationToken);
        if (refused is { } limit)
        {
            return new(limit, Maximum: limit == SessionCreationStatus.OwnerLimitReached ? limits.MaxSessionsPerOwner : limits.MaxSessionsPerTenant);
        }

        var reply = await _sessions.CreateAsync(tag, session, heldUntil, cancellationToken);
        if (reply.Status != 1)
        {
            await _limits.ReleaseAsync(session.Id, taken, CancellationToken.None);
            throw reply.Status == 0
                ? new ArgumentException("There is a session with this id already. Let SessionId.New draw ids.", nameof(session))
                : new SessionStoreUnavailableException("Opening the session took too long; nothing was opened. Try again.");
        }

        var now = ScriptReply.Moment(reply.Now);
        return new(SessionCreationStatus.Created, new SessionRecord
        {
            Key = claim.Key,
            Owner = session.Caller.Owner,
            Era = session.Era,
            CreatedAt = now,
            LastActiveAt = now,
            Client = session.Client.ToArray(),
            State = [.. session.State.Select(s => new StateEntry(s.Key, 1, s.Value.ToArray()))],
        });
    }

    public async ValueTask<SessionRecord?> TouchAsync(SessionClaim claim, CancellationToken cancellationToken)
    {
        var address = _addresses.Of(claim);
        var reply = await _sessions.TouchAsync(address, cancellationToken);
        if (reply.Status != 1)
        {
            return null;
        }

        RenewIfDue(address, claim, reply);
        return Record(claim, SessionFields.Read(reply.Text, address.Who)!.Value, reply.Now);
    }

    public async ValueTask<StateWriteResult> WriteStateAsync(SessionClaim claim, StateWrite write, CancellationToken cancellationToken)
    {
        var address = _addresses.Of(claim);
        var data = write.Data?.ToArray();
        var reply = await _sessions.WriteAsync(address, write with { Data = data is null ? null : (ReadOnlyMemory<byte>?)data }, cancellationToken);
        switch (reply.Status)
        {
            case 1:
                RenewIfDue(address, claim, reply);
                return new(StateWriteStatus.Written, data is null ? StateEntry.Absent(write.Name) : new(write.Name, Int48.Read(reply.Text.Span), data));
            case 2:
                var version = reply.Number(2);
                return new(StateWriteStatus.Conflict, version == 0 ? StateEntry.Absent(write.Name) : new(write.Name, version, reply.Bytes(3)));
            case 3:
                return new(StateWriteStatus.TooLarge, StateBytes: reply.Number(2), MaxStateBytes: _table.Of(claim.Caller.Tenant).MaxStateBytes);
            default:
                return new(StateWriteStatus.NotFound);
        }
    }

    public async ValueTask<bool> EndAsync(SessionClaim claim, CancellationToken cancellationToken)
    {
        var reply = await _sessions.EndAsync(_addresses.Of(claim), cancellationToken);
        if (reply.Status != 1)
        {
            return false;
        }

        try
        {
            await _limits.ReleaseAsync(claim, CancellationToken.None);
        }
        catch (SessionStoreUnavailableException exception)
        {
            Log.ReleaseFailed(_logger, SessionFingerprint.Of(claim.Id), exception);
        }

        return true;
    }

    public async ValueTask<IReadOnlyList<SessionRecord>> ListAsync(Caller caller, SessionEra era, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(caller);
        if (caller.IsAnonymous)
        {
            return [];
        }

        var members = await _sets.ListAsync(_keys.OwnerSessions(TenantRooms.Of(caller), caller.Owner), cancellationToken);
        var who = SessionFields.Who(caller, era);
        var found = await Task.WhenAll(members.List(2).Select(async member =>
        {
            var id = (string)member!;
            var reply = await _sessions.ReadHeadAsync(RedisKeys.Tag(new(caller.Tenant, id)), cancellationToken);
            return SessionFields.Read(reply.Bytes(2), who) is { } session && session.Times.Deadline > reply.Now ? Record(new(caller, id, era), session, session.Times.UsedAt) : null;
        }));
        return [.. found.OfType<SessionRecord>().OrderByDescending(s => s.CreatedAt)];
    }

    private static SessionRecord Record(SessionClaim claim, (SessionTimes Times, ReadOnlyMemory<byte> Client, ImmutableArray<StateEntry> State) session, long usedAt) => new()
    {
        Key = claim.Key,
        Owner = claim.Caller.Owner,
        Era = claim.Era,
        CreatedAt = ScriptReply.Moment(session.Times.CreatedAt),
        LastActiveAt = ScriptReply.Moment(usedAt),
        Client = session.Client,
        State = session.State,
    };

    /// <summary>Lets the entries of a session live on, beside the call: once in half an idle timeout.</summary>
    private void RenewIfDue(SessionAddress address, SessionClaim claim, ScriptReply reply)
    {
        if (reply.Count > 3)
        {
            Renewal = RenewAsync(address, claim, reply.Number(3), [.. reply.List(4).Select(t => (string)t!)]);
        }
    }

    private async Task RenewAsync(SessionAddress address, SessionClaim claim, long endsAt, IReadOnlyList<string> topics)
    {
        try
        {
            await Task.WhenAll(
                _limits.EnterAsync(claim, endsAt, CancellationToken.None),
                _topics.RenewAsync(claim.Key, topics, CancellationToken.None));
            if ((await _sessions.MarkIndexedAsync(address, CancellationToken.None)).Status != 1)
            {
                // It ended meanwhile, perhaps before its entries were renewed.
                await _limits.ReleaseAsync(claim, CancellationToken.None);
            }
        }
        catch (SessionStoreUnavailableException exception)
        {
            Log.RenewalFailed(_logger, SessionFingerprint.Of(claim.Id), exception);
        }
    }
}
