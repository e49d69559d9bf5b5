using System.Net;
using System.Text.Json.Nodes;
using Stateroom.Isolation.Tests.Support;

namespace Stateroom.Isolation.Tests.Hostile;

/// <summary>What callers do with rooms of their own. Each answer must be what the model says.</summary>
internal sealed class OwnSteps(World world)
{
    private static readonly string[] _revisions = ["2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25"];
    private static readonly string[] _labels = ["home", "work", "third"];

    public async Task OpenSessionAsync()
    {
        var (actor, instance) = (world.Any(world.Known), world.AnyInstance());
        world.Journal.Note($"{actor} opens a session");
        var body = JsonNode.Parse(RawClient.Initialize(world.Any(_revisions), """{"elicitation":{}}"""))!.AsObject();
        body["id"] = $"id-{actor.Marker}";
        body["params"]!["clientInfo"]!["name"] = $"client-{actor.Marker}";
        var opened = await world.SendAsync(actor, instance, null, client => client.SendAsync(HttpMethod.Post, body.ToJsonString()));
        Assert.Equal(HttpStatusCode.OK, opened.Status);
        var id = opened.Headers.Split('\n').Single(header => header.StartsWith("Mcp-Session-Id: ", StringComparison.OrdinalIgnoreCase)).Split(": ")[1];
        world.AddRoom(actor, id, isHandle: false);
    }

    public async Task OpenHandleAsync()
    {
        var (actor, instance) = (world.Any(world.Known), world.AnyInstance());
        var city = City(actor);
        world.Journal.Note($"{actor} opens a room by saving a place");
        var saved = await world.ToolAsync(actor, instance, "save_place", new() { ["label"] = "home", ["city"] = city });
        var room = world.AddRoom(actor, (string)saved.Json["result"]!["_meta"]!["stateroom/session"]!, isHandle: true);
        room.Places["home"] = city;
    }

    public async Task UseAsync()
    {
        if (world.AnyRoom(room => room.Alive) is { } room)
        {
            switch (world.Random.Next(6))
            {
                case 0 or 1:
                    var (label, city) = (world.Any(_labels), City(room.Owner));
                    await CallAsync(room, "save_place", new() { ["label"] = label, ["city"] = city });
                    room.Places[label] = city;
                    break;
                case 2:
                    var forgotten = world.Any(_labels);
                    await CallAsync(room, "forget_place", new() { ["label"] = forgotten });
                    room.Places.Remove(forgotten);
                    break;
                case 3:
                    var units = world.Any(["metric", "imperial"]);
                    await CallAsync(room, "set_preferred_units", new() { ["units"] = units });
                    room.Units = units;
                    break;
                case 4:
                    await CallAsync(room, "get_current_weather", new() { ["city"] = "Pune" });
                    room.Calls++;
                    break;
                default:
                    await CheckAsync(room);
                    break;
            }
        }
    }

    public async Task EndAsync()
    {
        if (world.AnyRoom(room => room.Alive) is not { } room)
        {
            return;
        }

        var instance = world.AnyInstance();
        world.Journal.Note($"{room.Owner} ends {room}", room);
        if (room.IsHandle)
        {
            Assert.NotEqual(true, (bool?)(await world.ToolAsync(room.Owner, instance, "close_session", new() { ["session"] = room.Id })).Json["result"]!["isError"]);
        }
        else
        {
            Assert.Equal(HttpStatusCode.NoContent, (await world.SendAsync(room.Owner, instance, room.Id, client => client.SendAsync(HttpMethod.Delete))).Status);
        }

        room.Alive = false;
    }

    /// <summary>A caller is shown its own rooms, all of them and no other.</summary>
    public async Task ListAsync()
    {
        var (actor, instance) = (world.Any(world.Known), world.AnyInstance());
        world.Journal.Note($"{actor} lists its rooms", [.. world.Rooms.Where(room => room.IsHandle && room.Owner == actor)]);
        var listed = await world.ToolAsync(actor, instance, "list_sessions", []);
        Assert.Equal(
            world.Rooms.Where(room => room is { IsHandle: true, Alive: true } && room.Owner == actor).Select(room => room.Id).Order(StringComparer.Ordinal),
            listed.Json["result"]!["structuredContent"]!["sessions"]!.AsArray().Select(session => (string)session!["handle"]!).Order(StringComparer.Ordinal));
    }

    /// <summary>Compares a room with the model.</summary>
    public async Task CheckAsync(Room room)
    {
        var places = await CallAsync(room, "list_places", []);
        Assert.Equal(
            room.Places.Select(place => $"{place.Key}: {place.Value}"),
            places["structuredContent"]!["places"]!.AsArray().Select(place => $"{place!["label"]}: {place["city"]}"));
        var info = (await CallAsync(room, "get_session_info", []))["structuredContent"]!;
        Assert.Equal(
            (room.Owner.Tenant, room.Owner.Owner, room.Units, room.Calls),
            ((string?)info["tenant"], (string?)info["owner"], (string?)info["preferredUnits"], (int?)info["toolCallCount"]));
    }

    private async Task<JsonNode> CallAsync(Room room, string tool, JsonObject arguments)
    {
        var instance = world.AnyInstance();
        world.Journal.Note($"{room.Owner} calls {tool} {arguments.ToJsonString()} in {room}", room);
        Answer answer;
        if (room.IsHandle)
        {
            arguments["session"] = room.Id;
            answer = await world.ToolAsync(room.Owner, instance, tool, arguments);
        }
        else
        {
            answer = await world.SendAsync(
                room.Owner, instance, room.Id, client => client.SendAsync(HttpMethod.Post, RawClient.Call(tool, arguments.ToJsonString(), id: $"\"id-{room.Owner.Marker}\"")));
        }

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.NotEqual(true, (bool?)answer.Json["result"]!["isError"]);
        return answer.Json["result"]!;
    }

    private string City(Actor actor) => $"city {world.Random.Next(1000)} {actor.Marker}";
}
