using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using StackExchange.Redis;
using Stateroom.Administration;
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
    private readonly SessionScripts _sessions;
    private readonly SessionLimits _limits;
    private readonly EntrySets _sets;
    private readonly TopicSets _topics;
    private readonly RedisCommands _commands;
    private readonly RedisKeys _keys;
    private readonly ILogger _logger;

    public RedisSessionStore(RedisCommands commands, ScriptRunner runner, RedisKeys keys, IOptions<SessionOptions> options, ILogger<RedisSessionStore> logger)
    {
        _options = options.Value;
        _commands = commands;
        _keys = keys;
        _logger = logger;
        _sessions = new(runner, keys, _options);
        _sets = new(runner, _options);
        _limits = new(_sets, new(_sets, keys, logger), commands, keys, _options);
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

        if (session.State.Sum(s => (long)s.Value.Length) > _options.MaxStateBytes)
        {
            return new(SessionCreationStatus.StateTooLarge);
        }

        if (session.Client.Length > _options.MaxClientBytes)
        {
            return new(SessionCreationStatus.ClientTooLarge);
        }

        var key = new SessionKey(session.Caller.Tenant, session.Id);
        var tag = RedisKeys.Tag(key);
        if (await _limits.ReserveAsync(session.Caller, session.Id, cancellationToken) is { } refused)
        {
            return new(refused);
        }

        var reply = await _sessions.CreateAsync(tag, session, cancellationToken);
        if (reply.Status != 1)
        {
            await ReleaseReservationAsync(session);
            throw new ArgumentException("There is a session with this id already. Let SessionId.New draw ids.", nameof(session));
        }

        await _limits.EnterAsync(session.Caller, session.Id, reply.Number(2), cancellationToken);
        var now = ScriptReply.Moment(reply.Now);
        return new(SessionCreationStatus.Created, new SessionRecord
        {
            Key = key,
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
        var tag = RedisKeys.Tag(claim.Key);
        var reply = await _sessions.TouchAsync(tag, claim, cancellationToken);
        if (reply.Status != 1)
        {
            return null;
        }

        RenewIfDue(tag, claim, reply);
        return Read(claim, reply.List(5));
    }

    public async ValueTask<StateWriteResult> WriteStateAsync(SessionClaim claim, StateWrite write, CancellationToken cancellationToken)
    {
        var tag = RedisKeys.Tag(claim.Key);
        var data = write.Data?.ToArray();
        var reply = await _sessions.WriteAsync(tag, claim, write with { Data = data is null ? null : (ReadOnlyMemory<byte>?)data }, cancellationToken);
        switch (reply.Status)
        {
            case 1:
                RenewIfDue(tag, claim, reply);
                return new(StateWriteStatus.Written, data is null ? StateEntry.Absent(write.Name) : new(write.Name, reply.Number(5), data));
            case 2:
                var version = reply.Number(2);
                return new(StateWriteStatus.Conflict, version == 0 ? StateEntry.Absent(write.Name) : new(write.Name, version, reply.Bytes(3)));
            case 3:
                return new(StateWriteStatus.TooLarge, StateBytes: reply.Number(2));
            default:
                return new(StateWriteStatus.NotFound);
        }
    }

    public async ValueTask<bool> EndAsync(SessionClaim claim, CancellationToken cancellationToken)
    {
        var tag = RedisKeys.Tag(claim.Key);
        var reply = await _sessions.EndAsync(tag, claim, cancellationToken);
        if (reply.Status != 1)
        {
            return false;
        }

        try
        {
            await _limits.ReleaseAsync(claim.Caller, claim.Id, CancellationToken.None);
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

        var reply = await _sets.ListAsync(_keys.OwnerSessions(caller), cancellationToken);
        var ids = reply.List(2).Select(m => (string)m!).Where(m => m[0] != EntrySets.ReservedMark).ToList();
        if (ids.Count == 0)
        {
            return [];
        }

        var heads = await _commands.RunAsync(
            database => Task.WhenAll(ids.Select(id => database.HashGetAsync(_keys.Session(RedisKeys.Tag(new(caller.Tenant, id))), SessionFields.HeadName, CommandFlags.DemandMaster))),
            cancellationToken);
        var who = SessionFields.Who(caller, era);
        return [.. ids.Zip(heads, (id, head) => (Id: id, Head: SessionFields.ReadHead(head, who)))
            .Where(s => s.Head is { } head && head.Times.Deadline > reply.Now)
            .Select(s => Record(new(caller, s.Id, era), s.Head!.Value, []))
            .OrderByDescending(s => s.CreatedAt)];
    }

    private static SessionRecord Read(SessionClaim claim, RedisResult[] fields)
    {
        var who = SessionFields.Who(claim.Caller, claim.Era);
        (SessionTimes, ReadOnlyMemory<byte>)? head = null;
        var state = ImmutableArray.CreateBuilder<StateEntry>();
        for (var i = 0; i < fields.Length; i += 2)
        {
            var (field, value) = ((byte[])fields[i]!, (byte[])fields[i + 1]!);
            if (SessionFields.ReadEntry(field, value) is { } entry)
            {
                state.Add(entry);
            }
            else
            {
                head = SessionFields.ReadHead(value, who);
            }
        }

        return Record(claim, head!.Value, state.DrainToImmutable());
    }

    private static SessionRecord Record(SessionClaim claim, (SessionTimes Times, ReadOnlyMemory<byte> Client) head, ImmutableArray<StateEntry> state) => new()
    {
        Key = claim.Key,
        Owner = claim.Caller.Owner,
        Era = claim.Era,
        CreatedAt = ScriptReply.Moment(head.Times.CreatedAt),
        LastActiveAt = ScriptReply.Moment(head.Times.UsedAt),
        Client = head.Client,
        State = state,
    };

    /// <summary>Lets the entries of a session live on, beside the call: once in half an idle timeout.</summary>
    private void RenewIfDue(string tag, SessionClaim claim, ScriptReply reply)
    {
        if (reply.Number(3) == 1)
        {
            Renewal = RenewAsync(tag, claim, reply.Number(2), [.. reply.List(4).Select(t => (string)t!)]);
        }
    }

    private async Task RenewAsync(string tag, SessionClaim claim, long endsAt, IReadOnlyList<string> topics)
    {
        try
        {
            await Task.WhenAll(
                _limits.EnterAsync(claim.Caller, claim.Id, endsAt, CancellationToken.None),
                _topics.RenewAsync(claim.Key, topics, CancellationToken.None));
            if ((await _sessions.MarkIndexedAsync(tag, claim, CancellationToken.None)).Status != 1)
            {
                // It ended meanwhile, perhaps before its entries were renewed.
                await _limits.ReleaseAsync(claim.Caller, claim.Id, CancellationToken.None);
            }
        }
        catch (SessionStoreUnavailableException exception)
        {
            Log.RenewalFailed(_logger, SessionFingerprint.Of(claim.Id), exception);
        }
    }

    private async Task ReleaseReservationAsync(NewSession session)
    {
        // Only the marks of this attempt: the entries, if there are any, are the other session's.
        var tenant = _commands.RunAsync(database => database.SortedSetRemoveAsync(_keys.TenantSessions(TenantRooms.Of(session.Caller)), EntrySets.ReservedMark + session.Id), CancellationToken.None);
        var owner = _commands.RunAsync(database => database.SortedSetRemoveAsync(_keys.OwnerSessions(session.Caller), EntrySets.ReservedMark + session.Id), CancellationToken.None);
        await Task.WhenAll(tenant, owner);
    }
}
