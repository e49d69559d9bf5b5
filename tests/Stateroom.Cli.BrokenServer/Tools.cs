using System.Text.Json.Nodes;

namespace Stateroom.Cli.BrokenServer;

/// <summary>The tools of the weather server as far as they can be told apart by what they remember.</summary>
internal sealed class Tools(Sessions sessions)
{
    private static readonly string[] _regions = ["Missouri", "Massachusetts", "Illinois", "Oregon"];

    /// <summary>Calls a tool.</summary>
    /// <returns>Its result; null if the session has ended meanwhile.</returns>
    public async Task<JsonObject?> CallAsync(Session session, JsonObject parameters, Func<JsonObject, Task<string?>> ask, CancellationToken cancellationToken)
    {
        var arguments = parameters["arguments"]?.AsObject() ?? [];
        switch ((string?)parameters["name"])
        {
            case "get_current_weather" when (string?)arguments["city"] == "Springfield":
                var choice = await ask(Question());
                return choice is null ? Error("The user did not answer.") : Result(new() { ["region"] = _regions.FirstOrDefault(r => choice.Contains(r, StringComparison.Ordinal)) });
            case "get_current_weather":
                return Told(await sessions.UpdateAsync(session, room => room with { Count = room.Count + 1 }, cancellationToken));
            case "set_preferred_units":
                return Told(await sessions.UpdateAsync(session, room => room with { Units = (string)arguments["units"]! }, cancellationToken));
            case "save_place":
                return Told(await sessions.UpdateAsync(
                    session, room => room with { Places = room.Places.SetItem((string)arguments["label"]!, (string)arguments["city"]!) }, cancellationToken));
            case "forget_place":
                return Told(await sessions.UpdateAsync(session, room => room with { Places = room.Places.Remove((string)arguments["label"]!) }, cancellationToken));
            case "list_places":
                return Result(new() { ["places"] = new JsonArray([.. sessions.ReadCached(session).Places.Select(p => new JsonObject { ["label"] = p.Key, ["city"] = p.Value })]) });
            case "get_session_info":
                var room = sessions.Read(session);
                return Result(new() { ["toolCallCount"] = room.Count, ["preferredUnits"] = room.Units });
            default:
                return Error("There is no such tool.");
        }
    }

    private static JsonObject Question() => new()
    {
        ["message"] = "Which Springfield?",
        ["requestedSchema"] = new JsonObject
        {
            ["type"] = "object",
            ["properties"] = new JsonObject
            {
                ["city"] = new JsonObject { ["type"] = "string", ["enum"] = new JsonArray([.. _regions.Select(r => (JsonNode)$"Springfield, {r}, United States")]) },
            },
        },
    };

    private static JsonObject? Told(Room? room) => room is null ? null : Result([]);

    private static JsonObject Result(JsonObject content) => new()
    {
        ["content"] = new JsonArray(new JsonObject { ["type"] = "text", ["text"] = content.ToJsonString() }),
        ["structuredContent"] = content,
    };

    private static JsonObject Error(string text) => new()
    {
        ["content"] = new JsonArray(new JsonObject { ["type"] = "text", ["text"] = text }),
        ["isError"] = true,
    };
}
