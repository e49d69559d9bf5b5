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
        var reply = await _streams.AppendAsync(RedisKeys.Tag(session), stream, letter, data, cancellationToken);
        return reply.Status == 1 ? reply.Number(2) : 0;
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

    public async ValueTask SubscribeAsync(SessionKey session, Topic topic, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(topic);

        // In this order a removal that races it finds the topic among the belongings, or is found here.
        await _topics.EnterAsync(session, topic, cancellationToken);
        if ((await _streams.SubscribeAsync(RedisKeys.Tag(session), topic, cancellationToken)).Status != 1)
        {
            await _topics.RemoveAsync(session, topic, cancellationToken);
        }
    }

    public async ValueTask UnsubscribeAsync(SessionKey session, Topic topic, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(topic);
        var belongings = _keys.Belongings(RedisKeys.Tag(session));
        await _commands.RunAsync(
            database => database.SortedSetRemoveAsync(belongings, TopicSets.TopicMark + RedisKeys.TopicText(topic), CommandFlags.DemandMaster), cancellationToken);
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
        var belongings = (await _streams.RemoveAsync(tag, cancellationToken)).List(2).Select(b => (string)b!).ToLookup(b => b[0], b => b[1..]);
        RedisKey[] streams = [.. belongings[TopicSets.StreamMark].Select(s => _keys.Stream(tag, s))];
        var removals = belongings[TopicSets.TopicMark].Select(t => _topics.RemoveAsync(session, RedisKeys.ReadTopic(t), cancellationToken));
        if (streams.Length > 0)
        {
            removals = removals.Append(_commands.RunAsync(database => database.KeyDeleteAsync(streams, CommandFlags.DemandMaster), cancellationToken));
        }

        await Task.WhenAll(removals);
    }

    private static OutboxItemKind Kind(byte letter) => letter switch
    {
        (byte)'E' => OutboxItemKind.End,
        (byte)'B' => OutboxItemKind.Begin,
        (byte)'P' => OutboxItemKind.Pause,
        _ => OutboxItemKind.Message,
    };
}
