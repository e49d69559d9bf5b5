using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using StackExchange.Redis;
using Stateroom.Administration;
using Stateroom.Limits;
using Stateroom.Redis.Connection;
using Stateroom.Redis.Messaging;
using Stateroom.Redis.Scripts;
using Stateroom.Redis.Sessions;
using Stateroom.Sessions;
using Stateroom.Tenancy;

namespace Stateroom.Redis.Administration;

/// <summary>Lists the sessions in Redis by the sets that count them. Nothing here is on the path of a client's request.</summary>
internal sealed class RedisSessionDirectory : ISessionDirectory
{
    private readonly RedisCommands _commands;
    private readonly RedisKeys _keys;
    private readonly EntrySets _sets;
    private readonly SessionScripts _sessions;
    private readonly SessionLimits _limits;
    private readonly TenantNames _tenants;

    public RedisSessionDirectory(RedisCommands commands, ScriptRunner runner, RedisKeys keys, IOptions<SessionOptions> options, ILogger<RedisSessionDirectory> logger, IOptions<LimitOptions>? limits = null)
    {
        var table = new LimitTable(options.Value, limits?.Value ?? new LimitOptions());
        _commands = commands;
        _keys = keys;
        _sets = new(runner, options.Value);
        _tenants = new(_sets, keys, logger);
        _limits = new(_sets, _tenants, commands, keys, options.Value, table);
        _sessions = new(runner, keys, options.Value, table);
    }

    public async ValueTask<TenantPage> ListTenantsAsync(TenantRooms? after, int limit, CancellationToken cancellationToken)
    {
        SessionPaging.CheckLimit(limit);
        var found = new List<TenantSummary>();
        while (true)
        {
            var some = await _tenants.ListAsync(after, limit + 1, cancellationToken);

            // One after the other: healing a large tenant is work enough for Redis.
            foreach (var tenant in some)
            {
                if (await CountSessionsAsync(tenant, cancellationToken) is { Total: > 0 } sessions)
                {
                    if (found.Count == limit)
                    {
                        return new(found, found[^1].Tenant);
                    }

                    found.Add(new(tenant, sessions));
                }
            }

            if (some.Count <= limit)
            {
                return new(found, null);
            }

            after = some[^1];
        }
    }

    public async ValueTask<SessionCount> CountSessionsAsync(TenantRooms tenant, CancellationToken cancellationToken) => await _limits.CountAsync(tenant, cancellationToken);

    public async ValueTask<SessionPage> ListSessionsAsync(SessionQuery query, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(query);
        SessionPaging.CheckLimit(query.Limit);
        if (query is { Tenant.IsAnonymous: true, Owner: not null } or { Owner.Length: 0 or > Caller.MaxOwnerLength })
        {
            return new([], null);
        }

        RedisKey[] sets = query switch
        {
            { Owner: { } owner } => [_keys.OwnerSessions(query.Tenant, owner)],
            { Era: { } era } => [_keys.TenantSessions(query.Tenant, era)],
            _ => _keys.TenantSessions(query.Tenant),
        };
        var replies = await Task.WhenAll(sets.Select(set => _sets.ListAsync(set, cancellationToken)));
        var ids = replies.SelectMany(reply => reply.List(2)).Select(m => (string)m!);
        return await SessionPaging.FillAsync(query, ids, some => ReadAsync(query, some, replies[^1].Now, cancellationToken));
    }

    private async ValueTask<IReadOnlyList<SessionSummary>> ReadAsync(SessionQuery query, IReadOnlyList<string> ids, long now, CancellationToken cancellationToken)
    {
        var tags = ids.Select(id => RedisKeys.Tag(new(query.Tenant.Tenant, id))).ToList();

        // All of them are on their way before the first is waited for.
        var reading = Task.WhenAll(tags.Select(tag => _sessions.ReadHeadAsync(tag, cancellationToken)).ToList());
        var belongings = await _commands.RunAsync(
            database => Task.WhenAll(tags.Select(tag => database.SortedSetRangeByScoreAsync(_keys.Belongings(tag), now, flags: CommandFlags.DemandMaster)).ToList()),
            cancellationToken);
        return [.. ids.Zip((await reading).Select(head => head.Bytes(2)), belongings).Select(s => Summarize(query, s.First, s.Second, s.Third, now)).OfType<SessionSummary>()];
    }

    private static SessionSummary? Summarize(SessionQuery query, string id, byte[]? head, RedisValue[] belongings, long now)
    {
        if (head is not { Length: > SessionTimes.Size } || SessionTimes.Read(head) is var times && times.Deadline <= now)
        {
            return null;
        }

        var (caller, era, client) = SessionFields.ReadHead(head);
        if (TenantRooms.Of(caller) != query.Tenant || (query.Owner is { } owner && !string.Equals(caller.Owner, owner, StringComparison.Ordinal)))
        {
            return null;
        }

        return new()
        {
            Key = new(caller.Tenant, id),
            Caller = caller,
            Era = era,
            CreatedAt = ScriptReply.Moment(times.CreatedAt),
            LastActiveAt = ScriptReply.Moment(times.UsedAt),
            ExpiresAt = ScriptReply.Moment(times.Deadline),
            Client = client,
            StateBytes = times.Bytes,
            Streams = [.. belongings.Select(b => Belonging.OpenStream((string)b!)).OfType<StreamSummary>()],
        };
    }
}
