using System.Runtime.InteropServices;
using Stateroom.Tenancy;

namespace Stateroom.Messaging;

/// <summary>Who wants to hear of which topic, so that a change asks those and no others.</summary>
/// <typeparam name="T">Who hears.</typeparam>
internal sealed class TopicIndex<T>
    where T : notnull
{
    private readonly Lock _lock = new();
    private readonly Dictionary<Topic, Dictionary<TenantId, HashSet<T>>> _topics = [];

    public void Add(Topic topic, TenantId tenant, T who)
    {
        lock (_lock)
        {
            var tenants = CollectionsMarshal.GetValueRefOrAddDefault(_topics, topic, out _) ??= [];
            (CollectionsMarshal.GetValueRefOrAddDefault(tenants, tenant, out _) ??= []).Add(who);
        }
    }

    public void Remove(Topic topic, TenantId tenant, T who)
    {
        lock (_lock)
        {
            if (!_topics.TryGetValue(topic, out var tenants) || !tenants.TryGetValue(tenant, out var all))
            {
                return;
            }

            all.Remove(who);
            if (all.Count == 0 && tenants.Remove(tenant) && tenants.Count == 0)
            {
                _topics.Remove(topic);
            }
        }
    }

    /// <param name="tenant">Of which tenant; null for all.</param>
    /// <param name="topic">The topic.</param>
    public IReadOnlyList<T> Find(TenantId? tenant, Topic topic)
    {
        lock (_lock)
        {
            if (!_topics.TryGetValue(topic, out var tenants))
            {
                return [];
            }

            return tenant is { } one ? [.. tenants.GetValueOrDefault(one) ?? []] : [.. tenants.Values.SelectMany(all => all)];
        }
    }
}
