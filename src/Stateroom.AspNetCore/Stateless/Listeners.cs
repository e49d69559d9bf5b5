using System.Runtime.InteropServices;
using Microsoft.Extensions.Options;
using Stateroom.Messaging;
using Stateroom.Sessions;
using Stateroom.Tenancy;

namespace Stateroom.AspNetCore.Stateless;

/// <summary>The streams of <c>subscriptions/listen</c> at this instance. One subscription to the backplane serves them all, and a change concerns only those that listen for it.</summary>
internal sealed class Listeners : IDisposable
{
    /// <summary>How many streams a caller may have open at this instance.</summary>
    public const int MaxPerCaller = 16;

    /// <summary>What refusals call it.</summary>
    public const string Limit = "MaxListenStreams";

    private readonly TopicIndex<TopicQueue> _index = new();
    private readonly Dictionary<(Caller Caller, string? Source), int> _counts = [];
    private readonly SessionOptions _options;
    private readonly IDisposable _subscription;

    public Listeners(ISessionBackplane backplane, IOptions<SessionOptions> options)
    {
        _options = options.Value;
        _subscription = backplane.Subscribe(OnSignal);
    }

    /// <summary>How many callers listen.</summary>
    public int Count
    {
        get
        {
            lock (_counts)
            {
                return _counts.Count;
            }
        }
    }

    /// <summary>
    /// How many streams this caller may have open here, from each address if it is anonymous. Where those are not known everybody anonymous is one, and may have as many
    /// as there may be sessions of it.
    /// </summary>
    public int MaximumFor(Caller caller) => caller is { IsAnonymous: true, Source: null } ? Math.Max(MaxPerCaller, _options.MaxSessionsPerTenant) : MaxPerCaller;

    /// <summary>Begins to listen.</summary>
    /// <returns>Ends it when disposed; null where the caller has as many streams as it may.</returns>
    public IDisposable? TryAdd(Caller caller, IReadOnlySet<Topic> topics, TopicQueue queue)
    {
        lock (_counts)
        {
            ref var count = ref CollectionsMarshal.GetValueRefOrAddDefault(_counts, (caller, caller.Source), out _);
            if (count >= MaximumFor(caller))
            {
                return null;
            }

            count++;
        }

        foreach (var topic in topics)
        {
            _index.Add(topic, caller.Tenant, queue);
        }

        return new Listener(this, caller, topics, queue);
    }

    public void Dispose() => _subscription.Dispose();

    private ValueTask OnSignal(SessionSignal signal, CancellationToken cancellationToken)
    {
        if (signal is SessionSignal.Changed changed)
        {
            foreach (var queue in _index.Find(changed.Tenant, changed.Topic))
            {
                queue.Add(changed.Topic);
            }
        }

        return ValueTask.CompletedTask;
    }

    private void Remove(Caller caller, IReadOnlySet<Topic> topics, TopicQueue queue)
    {
        foreach (var topic in topics)
        {
            _index.Remove(topic, caller.Tenant, queue);
        }

        lock (_counts)
        {
            if (--CollectionsMarshal.GetValueRefOrAddDefault(_counts, (caller, caller.Source), out _) == 0)
            {
                _counts.Remove((caller, caller.Source));
            }
        }
    }

    private sealed class Listener(Listeners all, Caller caller, IReadOnlySet<Topic> topics, TopicQueue queue) : IDisposable
    {
        public void Dispose() => all.Remove(caller, topics, queue);
    }
}
