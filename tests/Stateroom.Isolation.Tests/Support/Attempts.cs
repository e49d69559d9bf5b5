using System.Text.Json.Nodes;

namespace Stateroom.Isolation.Tests.Support;

/// <summary>What somebody may try with a session that is not theirs.</summary>
internal static class Attempts
{
    /// <summary>The weather server's tools that use a session.</summary>
    public static IReadOnlyList<(string Tool, string Arguments)> Tools { get; } =
    [
        ("get_session_info", "{}"),
        ("list_places", "{}"),
        ("save_place", """{"label":"home","city":"Stolen"}"""),
        ("forget_place", """{"label":"home"}"""),
        ("set_preferred_units", """{"units":"imperial"}"""),
        ("get_current_weather", """{"city":"Pune"}"""),
        ("compare_cities", """{"cities":["Pune","Tokyo"]}"""),
        ("close_session", "{}"),
    ];

    /// <summary>Every method, with a header session's id in the client and a call that waits in that session.</summary>
    public static IEnumerable<Func<RawClient, Task<HttpResponseMessage>>> OnHeaderSession(HeldCall call) =>
    [
        .. Tools.Select<(string Tool, string Arguments), Func<RawClient, Task<HttpResponseMessage>>>(
            tool => client => client.SendAsync(HttpMethod.Post, RawClient.Call(tool.Tool, tool.Arguments))),
        client => client.SendAsync(HttpMethod.Post, """{"jsonrpc":"2.0","id":"x","method":"ping"}"""),
        client => client.SendAsync(HttpMethod.Post, """{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":7}}"""),
        client => client.SendAsync(HttpMethod.Post, call.Answer(call.Choice(1), "city")),
        client => client.SendAsync(HttpMethod.Get),
        client => client.SendAsync(HttpMethod.Get, (string?)null, call.Question.Id),
        client => client.SendAsync(HttpMethod.Get, (string?)null, "g.0"),
        client => client.SendAsync(HttpMethod.Delete),
    ];

    /// <summary>Arguments with a handle.</summary>
    public static JsonObject With(string arguments, string handle)
    {
        var with = JsonNode.Parse(arguments)!.AsObject();
        with["session"] = handle;
        return with;
    }
}
