using StackExchange.Redis;
using Stateroom.Messaging;
using Stateroom.Redis.Connection;
using Stateroom.Redis.Sessions;
using Stateroom.Sessions;
using Stateroom.Tenancy;

namespace Stateroom.Redis.Messaging;

/// <summary>
/// Which sessions want to hear of a topic. Entries lapse unless the uses of their session renew them, so those of the dead go by themselves;
/// one too many costs a message that nobody reads.
/// </summary>
internal sealed class TopicSets(EntrySets sets, RedisCommands commands, RedisKeys keys)
{
    public Task EnterAsync(SessionKey session, Topic topic, CancellationToken cancellationToken) => Task.WhenAll(
        sets.EnterAsync([keys.TopicSessions(session.Tenant, topic)], [session.Id], 0, cancellationToken),
        sets.EnterAsync([keys.TopicTenants(topic)], [LosslessText.Encode(session.Tenant.Value)], 0, cancellationToken));

    /// <summary>Takes a session out. The tenant's own entry lapses when none of its sessions renews it any more.</summary>
    public Task RemoveAsync(SessionKey session, Topic topic, CancellationToken cancellationToken) =>
        commands.RunAsync(database => database.SortedSetRemoveAsync(keys.TopicSessions(session.Tenant, topic), session.Id, CommandFlags.DemandMaster), cancellationToken);

    /// <param name="session">The session.</param>
    /// <param name="topics">Its topics, as its belongings hold them.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public Task RenewAsync(SessionKey session, IEnumerable<string> topics, CancellationToken cancellationToken) =>
        Task.WhenAll(topics.Select(t => EnterAsync(session, RedisKeys.ReadTopic(t[1..]), cancellationToken)));

    public async Task<IReadOnlyList<SessionKey>> FindAsync(TenantId tenant, Topic topic, CancellationToken cancellationToken)
    {
        var reply = await sets.ListAsync(keys.TopicSessions(tenant, topic), cancellationToken);
        return [.. reply.List(2).Select(id => new SessionKey(tenant, (string)id!))];
    }

    public async Task<IReadOnlyList<SessionKey>> FindAsync(Topic topic, CancellationToken cancellationToken)
    {
        var reply = await sets.ListAsync(keys.TopicTenants(topic), cancellationToken);
        var found = await Task.WhenAll(reply.List(2).Select(t => FindAsync(new TenantId(LosslessText.Decode((byte[])t!)), topic, cancellationToken)));
        return [.. found.SelectMany(s => s)];
    }
}
