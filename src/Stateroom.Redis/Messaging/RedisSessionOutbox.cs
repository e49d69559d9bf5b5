using Microsoft.Extensions.Options;
using StackExchange.Redis;
using Stateroom.Messaging;
using Stateroom.Redis.Connection;
using Stateroom.Redis.Scripts;
using Stateroom.Sessions;
using Stateroom.Tenancy;

namespace Stateroom.Redis.Messaging;

/// <summary>Holds the messages of sessions in Redis, so that a stream can be read on at any instance.</summary>
internal sealed class RedisSessionOutbox : ISessionOutbox
{
    private readonly StreamScripts _streams;
    private readonly TopicSets _topics;
    private readonly RedisCommands _commands;
    private readonly RedisKeys _keys;

    public RedisSessionOutbox(RedisCommands commands, ScriptRunner runner, RedisKeys keys, IOptions<SessionOptions> options)
    {
        _commands = commands;
        _keys = keys;
        _streams = new(runner, keys, options.Value);
        _topics = new(new(runner, options.Value), commands, keys);
    }

    public async ValueTask<long> AppendAsync(SessionKey session, string stream, OutboxItemKind kind, ReadOnlyMemory<byte> data, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(stream);
        var letter = kind switch
        {
            OutboxItemKind.End => 'E',
            OutboxItemKind.Begin => 'B',
            OutboxItemKind.Pause => 'P',
            _ when JsonRpcShape.IsAwaited(data.Span) => 'R',
            _ => 'M',
        };
        var tag = RedisKeys.Tag(session);
        var reply = await _streams.AppendAsync(tag, stream, letter, data, cancellationToken);
        if (reply.Status != 1)
        {
            return 0;
        }

        await DeleteAsync(tag, reply.List(3).Select(s => (string)s!), cancellationToken);
        return reply.Number(2);
    }

    public async ValueTask<OutboxPage> ReadAsync(SessionKey session, string stream, long after, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(stream);
        var reply = await _streams.ReadAsync(RedisKeys.Tag(session), stream, after, cancellationToken);
        if (reply.Status != 1)
        {
            return new(false, [], false);
        }

        var found = reply.List(6);
        var items = new OutboxItem[found.Length / 2];
        for (var i = 0; i < items.Length; i++)
        {
            var item = (byte[])found[(2 * i) + 1]!;
            items[i] = new((long)found[2 * i], Kind(item[0]), item.AsMemory(1));
        }

        return new(true, items, reply.Number(2) == 1, reply.Number(3), reply.Number(4), reply.Number(5) == 1);
    }

    public async ValueTask MarkDeliveredAsync(SessionKey session, string stream, long position, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(stream);
        await _streams.MarkDeliveredAsync(RedisKeys.Tag(session), stream, position, cancellationToken);
    }

    public async ValueTask<IReadOnlyList<string>> FindOpenAsync(SessionKey session, CancellationToken cancellationToken)
    {
        var belongings = _keys.Belongings(RedisKeys.Tag(session));
        var streams = await _commands.RunAsync(
            database => database.SortedSetRangeByScoreAsync(belongings, exclude: Exclude.Stop, flags: CommandFlags.DemandMaster), cancellationToken);
        return [.. streams.Select(s => (string)s!).Where(Belonging.IsOpenRequest).Select(Belonging.StreamOf)];
    }

    public async ValueTask<bool> SubscribeAsync(SessionKey session, Topic topic, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(topic);

        // In this order a removal that races it finds the topic among the belongings, or is found here.
        await _topics.EnterAsync(session, topic, cancellationToken);
        if ((await _streams.SubscribeAsync(RedisKeys.Tag(session), topic, cancellationToken)).Status == 1)
        {
            return true;
        }

        await _topics.RemoveAsync(session, topic, cancellationToken);
        return false;
    }

    public async ValueTask UnsubscribeAsync(SessionKey session, Topic topic, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(topic);
        var belongings = _keys.Belongings(RedisKeys.Tag(session));
        await _commands.RunAsync(
            database => database.SortedSetRemoveAsync(belongings, Belonging.TopicMark + RedisKeys.TopicText(topic), CommandFlags.DemandMaster), cancellationToken);
        await _topics.RemoveAsync(session, topic, cancellationToken);
    }

    public async ValueTask<IReadOnlyList<SessionKey>> FindSubscribersAsync(TenantId? tenant, Topic topic, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(topic);
        return tenant is { } one ? await _topics.FindAsync(one, topic, cancellationToken) : await _topics.FindAsync(topic, cancellationToken);
    }

    public async ValueTask RemoveAsync(SessionKey session, CancellationToken cancellationToken)
    {
        var tag = RedisKeys.Tag(session);
        var belongings = (await _streams.RemoveAsync(tag, cancellationToken)).List(2).Select(b => (string)b!).ToList();
        var removals = belongings.Where(b => b[0] == Belonging.TopicMark).Select(t => _topics.RemoveAsync(session, RedisKeys.ReadTopic(t[1..]), cancellationToken));
        await Task.WhenAll([DeleteAsync(tag, belongings.Where(Belonging.IsStream).Select(Belonging.StreamOf), cancellationToken), .. removals]);
    }

    private async Task DeleteAsync(string tag, IEnumerable<string> streams, CancellationToken cancellationToken)
    {
        RedisKey[] keys = [.. streams.Select(s => _keys.Stream(tag, s))];
        if (keys.Length > 0)
        {
            await _commands.RunAsync(database => database.KeyDeleteAsync(keys, CommandFlags.DemandMaster), cancellationToken);
        }
    }

    private static OutboxItemKind Kind(byte letter) => letter switch
    {
        (byte)'E' => OutboxItemKind.End,
        (byte)'B' => OutboxItemKind.Begin,
        (byte)'P' => OutboxItemKind.Pause,
        _ => OutboxItemKind.Message,
    };
}
