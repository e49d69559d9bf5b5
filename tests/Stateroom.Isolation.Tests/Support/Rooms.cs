using System.Text.Json.Nodes;

namespace Stateroom.Isolation.Tests.Support;

/// <summary>What the tests do with sessions of the weather server, in either era.</summary>
internal static class Rooms
{
    public const string AmbiguousCity = """{"city":"Springfield"}""";

    /// <summary>Begins a session of the stateless era by saving a place in it.</summary>
    /// <returns>Its handle.</returns>
    public static async Task<string> OpenRoomAsync(this RawClient client, string city)
    {
        var result = await client.CallToolAsync("save_place", new() { ["label"] = "home", ["city"] = city });
        return (string)result["_meta"]!["stateroom/session"]!;
    }

    /// <summary>The result of a stateless-era call in a room, as text.</summary>
    public static async Task<string> InRoomAsync(this RawClient client, string tool, string handle) =>
        (await client.CallToolAsync(tool, new() { ["session"] = handle })).ToJsonString();

    /// <summary>The handles of a caller's rooms.</summary>
    public static async Task<string[]> HandlesAsync(this RawClient client)
    {
        var result = await client.CallToolAsync("list_sessions", []);
        return [.. result["structuredContent"]!["sessions"]!.AsArray().Select(session => (string)session!["handle"]!)];
    }

    public static Task<string> SaveAsync(this RawClient client, string city, string label = "home") =>
        client.CallTextAsync("save_place", new JsonObject { ["label"] = label, ["city"] = city }.ToJsonString());

    /// <summary>One of the cities that a question offers.</summary>
    public static string Choice(this HeldCall call, int index = 0) =>
        (string)call.Question.Json["params"]!["requestedSchema"]!["properties"]!["city"]!["enum"]![index]!;
}
