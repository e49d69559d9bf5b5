using System.Net;
using System.Text.Json.Nodes;

namespace Stateroom.Isolation.Tests.Hostile;

/// <summary>Questions of the stateless era, and everybody who sends their sealed state back. It serves its own caller's own request alone.</summary>
internal sealed class RetrySteps(World world)
{
    private const int InvalidParams = -32602;

    private readonly List<Sealed> _sealed = [];

    private sealed record Sealed(Actor Actor, Room? Room, string State);

    public async Task AskAsync()
    {
        var (actor, instance) = (world.Any(world.Known), world.AnyInstance());
        var room = world.Random.Next(2) == 0 ? world.AnyOwn(actor, isHandle: true) : null;
        world.Journal.Note($"{actor} asks {(room is null ? "without a room" : $"in {room}")}", room);
        var asked = await world.ToolAsync(actor, instance, "get_current_weather", Arguments(room));
        Assert.Equal("input_required", (string?)asked.Json["result"]!["resultType"]);
        _sealed.Add(new Sealed(actor, room, (string)asked.Json["result"]!["requestState"]!));
    }

    public async Task RetryAsync()
    {
        if (_sealed.Count == 0)
        {
            return;
        }

        var (asked, instance) = (world.Any(_sealed), world.AnyInstance());
        var actor = world.Random.Next(2) == 0 ? asked.Actor : world.Any(world.Known);
        var altered = world.Random.Next(4) == 0;
        world.Journal.Note($"{actor} retries {(altered ? "altered " : "")}what {asked.Actor} asked {(asked.Room is { } asking ? $"in {asking}" : "without a room")}", asked.Room);
        var arguments = Arguments(asked.Room);
        var state = asked.State;
        if (altered && world.Random.Next(2) == 0)
        {
            arguments["units"] = "imperial";
        }
        else if (altered)
        {
            var place = world.Random.Next(state.Length - 1);
            state = $"{state[..place]}{(state[place] == 'x' ? 'y' : 'x')}{state[(place + 1)..]}";
        }

        var answer = await world.ToolAsync(actor, instance, "get_current_weather", arguments, new JsonObject
        {
            ["requestState"] = state,
            ["inputResponses"] = new JsonObject
            {
                ["city-1"] = new JsonObject { ["action"] = "accept", ["content"] = new JsonObject { ["city"] = "Springfield, Illinois, United States" } },
            },
        });
        if (altered || actor != asked.Actor)
        {
            Assert.Equal(InvalidParams, answer.ErrorCode);
            return;
        }

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Equal(asked.Room is { Alive: false }, (bool?)answer.Json["result"]!["isError"] ?? false);
        if (asked.Room is null)
        {
            world.AddRoom(actor, (string)answer.Json["result"]!["_meta"]!["stateroom/session"]!, isHandle: true).Calls++;
        }
        else if (asked.Room.Alive)
        {
            asked.Room.Calls++;
        }
    }

    private static JsonObject Arguments(Room? room)
    {
        var arguments = new JsonObject { ["city"] = "Springfield" };
        if (room is not null)
        {
            arguments["session"] = room.Id;
        }

        return arguments;
    }
}
