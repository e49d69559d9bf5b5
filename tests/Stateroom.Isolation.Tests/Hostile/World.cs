using System.Text.Json.Nodes;
using Stateroom.Isolation.Tests.Support;

namespace Stateroom.Isolation.Tests.Hostile;

/// <summary>The servers, who calls them, and the model of who owns what. Every answer passes through here and is searched for what its receiver must not see.</summary>
internal sealed class World : IDisposable
{
    private readonly Dictionary<(Actor, Instance), RawClient> _clients = [];
    private readonly Cluster _cluster;

    public World(Cluster cluster, int seed)
    {
        _cluster = cluster;
        Random = new Random(seed);
        Journal = new Journal(seed);
        Known =
        [
            New("acme-alice", "acme", "alice"), New("acme-bob", "acme", "bob"), New("globex-alice", "globex", "alice"), New("dev-token", "dev", "dev"),
            New("initech-carol", "initech", "carol"),
        ];
        Unknown = [New("", null, null), New("acme-mallory", null, null)];

        Actor New(string key, string? tenant, string? owner) => new(key, tenant, owner, $"mk{Random.NextInt64():x16}x");
    }

    /// <summary>The settings of a server that knows everybody in <see cref="Known"/>.</summary>
    public static string[] Settings =>
    [
        "--Stateroom:ApiKeys:4:Key=initech-carol", "--Stateroom:ApiKeys:4:Tenant=initech", "--Stateroom:ApiKeys:4:Owner=carol",
        "--Stateroom:MaxSessionsPerOwner=100000", "--Stateroom:MaxSessionsPerTenant=100000",
    ];

    public Random Random { get; }

    public Journal Journal { get; }

    public IReadOnlyList<Actor> Known { get; }

    public IReadOnlyList<Actor> Unknown { get; }

    public List<Room> Rooms { get; } = [];

    public Instance AnyInstance() => Any(_cluster.Instances);

    public T Any<T>(IReadOnlyList<T> items) => items[Random.Next(items.Count)];

    public Room? AnyRoom(Func<Room, bool> filter) => Rooms.Where(filter).ToArray() is { Length: > 0 } rooms ? Any(rooms) : null;

    public Room? AnyOwn(Actor actor, bool isHandle) => AnyRoom(room => room.Alive && room.IsHandle == isHandle && room.Owner == actor);

    public Room AddRoom(Actor owner, string id, bool isHandle)
    {
        Assert.DoesNotContain(Rooms, room => room.Id == id);
        var room = new Room(Rooms.Count + 1, owner, id, isHandle);
        Rooms.Add(room);
        return room;
    }

    /// <summary>A client of one caller at one instance.</summary>
    public RawClient Client(Actor actor, Instance instance, string? session = null)
    {
        if (!_clients.TryGetValue((actor, instance), out var client))
        {
            _clients[(actor, instance)] = client = new RawClient(instance.Endpoint, actor.Key);
        }

        client.SessionId = session;
        return client;
    }

    /// <summary>Sends something and looks at what comes back.</summary>
    public async Task<Answer> SendAsync(Actor actor, Instance instance, string? session, Func<RawClient, Task<HttpResponseMessage>> send)
    {
        var answer = await Answer.OfAsync(send(Client(actor, instance, session)));
        MaySee(actor, answer.Headers + answer.Body);
        Assert.InRange((int)answer.Status, 200, 499);
        return answer;
    }

    /// <summary>Calls a tool of the stateless era.</summary>
    public Task<Answer> ToolAsync(Actor actor, Instance instance, string tool, JsonObject arguments, JsonObject? more = null, Action<HttpRequestMessage>? configure = null)
    {
        var parameters = new JsonObject { ["name"] = tool, ["arguments"] = arguments.DeepClone() };
        foreach (var (key, value) in more ?? [])
        {
            parameters[key] = value?.DeepClone();
        }

        return SendAsync(actor, instance, null, client => client.SendStatelessAsync("tools/call", parameters.DeepClone().AsObject(), configure: configure));
    }

    /// <summary>Fails if a text holds a byte of anybody else: a marker, or the id of a room.</summary>
    public void MaySee(Actor actor, string text)
    {
        foreach (var other in Known.Concat(Unknown).Where(other => other != actor))
        {
            Assert.False(text.Contains(other.Marker, StringComparison.Ordinal), $"{actor} sees what is {other}'s: {text}");
        }

        foreach (var room in Rooms.Where(room => room.Owner != actor))
        {
            Assert.False(text.Contains(room.Id, StringComparison.Ordinal), $"{actor} sees the id of {room}: {text}");
        }
    }

    public void Dispose()
    {
        foreach (var client in _clients.Values)
        {
            client.Dispose();
        }
    }
}
