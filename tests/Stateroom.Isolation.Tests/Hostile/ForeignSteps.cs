using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Stateroom.Isolation.Tests.Support;

namespace Stateroom.Isolation.Tests.Hostile;

/// <summary>What callers try with rooms that are not theirs, have ended or never were. Each answer must be the one for a room that never was.</summary>
internal sealed class ForeignSteps(World world)
{
    private static readonly string[] _tools =
        ["get_session_info", "list_places", "save_place", "forget_place", "set_preferred_units", "get_current_weather", "compare_cities", "close_session"];

    /// <summary>Somebody uses the id of a room that it has no right to, in the era of its choice.</summary>
    public async Task TrespassAsync()
    {
        var actor = world.Any(world.Known);
        if (world.AnyRoom(room => !room.Alive || room.Owner != actor) is { } room)
        {
            await (world.Random.Next(2) == 0 ? ByHeaderAsync(actor, room) : ByHandleAsync(actor, room));
        }
    }

    /// <summary>Somebody uses a room of its own in the wrong era.</summary>
    public async Task CrossErasAsync()
    {
        if (world.AnyRoom(room => room.Alive) is { } room)
        {
            await (room.IsHandle ? ByHeaderAsync(room.Owner, room) : ByHandleAsync(room.Owner, room));
        }
    }

    /// <summary>Somebody without a valid token tries anything.</summary>
    public async Task WithoutTokenAsync()
    {
        var (actor, instance, room) = (world.Any(world.Unknown), world.AnyInstance(), world.AnyRoom(_ => true));
        world.Journal.Note($"{actor} tries {room}", room);
        var (_, attempt) = Attempt(actor);
        var refused = world.Random.Next(3) == 0
            ? await world.ToolAsync(actor, instance, world.Any(_tools), new() { ["session"] = room?.Id })
            : await world.SendAsync(actor, instance, room?.Id, attempt);
        Assert.Equal(HttpStatusCode.Unauthorized, refused.Status);
    }

    /// <summary>A stateless-era request names a header session, which must mean nothing.</summary>
    public async Task HeaderInOtherEraAsync()
    {
        var (actor, instance, room) = (world.Any(world.Known), world.AnyInstance(), world.AnyRoom(_ => true));
        world.Journal.Note($"{actor} sends a stateless request with the header of {room}", room);
        var answer = await world.ToolAsync(actor, instance, "list_places", [], configure: request => request.Headers.TryAddWithoutValidation("Mcp-Session-Id", room?.Id ?? "none"));
        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Empty(answer.Json["result"]!["structuredContent"]!["places"]!.AsArray());
        Assert.DoesNotContain("Mcp-Session-Id", answer.Headers, StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>Bytes that are no message, with anybody's room.</summary>
    public async Task GarbageAsync()
    {
        var (actor, instance, room) = (world.Any(world.Known), world.AnyInstance(), world.AnyRoom(_ => true));
        var body = Encoding.UTF8.GetBytes(RawClient.Call("save_place", $$"""{"label":"{{actor.Marker}}","city":"{{actor.Marker}}"}"""));
        body = body[..world.Random.Next(1, body.Length)];
        world.Journal.Note($"{actor} sends {body.Length} bytes of a call to {room}", room);
        var answer = await world.SendAsync(actor, instance, room?.Id, client => client.SendAsync(HttpMethod.Post, body));
        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
    }

    private async Task ByHeaderAsync(Actor actor, Room room)
    {
        var instance = world.AnyInstance();
        var (name, attempt) = Attempt(actor);
        world.Journal.Note($"{actor} tries {name} with the header of {room}", room);
        var never = await world.SendAsync(actor, instance, Servers.Never, attempt);
        Assert.Equal(HttpStatusCode.NotFound, never.Status);
        Assert.Equal(never, await world.SendAsync(actor, instance, room.Id, attempt));
    }

    private async Task ByHandleAsync(Actor actor, Room room)
    {
        var instance = world.AnyInstance();
        var tool = world.Any(_tools);
        world.Journal.Note($"{actor} tries {tool} with the handle of {room}", room);
        var arguments = new JsonObject
        {
            ["label"] = "home",
            ["city"] = $"Pune {actor.Marker}",
            ["units"] = "imperial",
            ["cities"] = new JsonArray("Pune"),
            ["session"] = Servers.Never,
        };
        var never = await world.ToolAsync(actor, instance, tool, arguments);
        Assert.True((bool?)never.Json["result"]!["isError"], never.Body);
        arguments["session"] = room.Id;
        Assert.Equal(never, await world.ToolAsync(actor, instance, tool, arguments));
    }

    private (string Name, Func<RawClient, Task<HttpResponseMessage>> Send) Attempt(Actor actor)
    {
        var tool = world.Any(_tools);
        var id = $"\"id-{actor.Marker}\"";
        var guess = $"{{\"jsonrpc\":\"2.0\",\"id\":\"{Servers.Never}.{Servers.Never}\",\"result\":{{\"action\":\"accept\",\"content\":{{\"city\":\"{actor.Marker}\"}}}}}}";
        return world.Random.Next(7) switch
        {
            0 => ("DELETE", client => client.SendAsync(HttpMethod.Delete)),
            1 => ("GET", client => client.SendAsync(HttpMethod.Get)),
            2 => ("to resume", client => client.SendAsync(HttpMethod.Get, (string?)null, "g.0")),
            3 => ("to cancel", client => client.SendAsync(HttpMethod.Post, """{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":1}}""")),
            4 => ("to answer", client => client.SendAsync(HttpMethod.Post, guess)),
            _ => (tool, client => client.SendAsync(HttpMethod.Post, RawClient.Call(tool, $$"""{"label":"home","city":"{{actor.Marker}}","units":"imperial","cities":["Pune"]}""", id))),
        };
    }
}
