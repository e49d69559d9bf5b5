using System.Runtime.InteropServices;
using Stateroom.Sessions;
using Stateroom.Tenancy;

namespace Stateroom.Messaging;

/// <summary>Which sessions want to hear of which topic, so that a change asks those and no others.</summary>
internal sealed class TopicIndex
{
    private readonly Lock _lock = new();
    private readonly Dictionary<Topic, Dictionary<TenantId, HashSet<SessionKey>>> _sessions = [];

    public void Add(Topic topic, SessionKey session)
    {
        lock (_lock)
        {
            var tenants = CollectionsMarshal.GetValueRefOrAddDefault(_sessions, topic, out _) ??= [];
            var sessions = CollectionsMarshal.GetValueRefOrAddDefault(tenants, session.Tenant, out _) ??= [];
            sessions.Add(session);
        }
    }

    public void Remove(Topic topic, SessionKey session)
    {
        lock (_lock)
        {
            if (!_sessions.TryGetValue(topic, out var tenants) || !tenants.TryGetValue(session.Tenant, out var sessions))
            {
                return;
            }

            sessions.Remove(session);
            if (sessions.Count == 0 && tenants.Remove(session.Tenant) && tenants.Count == 0)
            {
                _sessions.Remove(topic);
            }
        }
    }

    public IReadOnlyList<SessionKey> Find(TenantId? tenant, Topic topic)
    {
        lock (_lock)
        {
            if (!_sessions.TryGetValue(topic, out var tenants))
            {
                return [];
            }

            return tenant is { } one
                ? [.. tenants.GetValueOrDefault(one) ?? []]
                : [.. tenants.Values.SelectMany(s => s)];
        }
    }
}
