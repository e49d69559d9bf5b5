using System.Text;
using System.Text.Json.Nodes;

namespace Stateroom.Isolation.Tests.Malformed;

/// <summary>Valid requests of both eras, from which the malformed ones are made.</summary>
internal sealed class Templates(string key, int port, string session, string handle)
{
    private const string Modern = "2026-07-28";

    public RawRequest Any(Random random) => random.Next(18) switch
    {
        0 => Handshake("initialize", new() { ["protocolVersion"] = "2025-11-25", ["capabilities"] = new JsonObject { ["elicitation"] = new JsonObject() }, ["clientInfo"] = new JsonObject { ["name"] = "raw", ["version"] = "1" } }, session: null),
        1 => Handshake("tools/list", []),
        2 => Handshake("ping", []),
        3 => Call("save_place", new() { ["label"] = "home", ["city"] = "Pune" }),
        4 => Call("get_current_weather", new() { ["city"] = "Pune", ["units"] = "metric" }),
        5 => Call("compare_cities", new() { ["cities"] = new JsonArray("Pune", "Tokyo") }),
        6 => Handshake("resources/read", new() { ["uri"] = "weather://Pune" }),
        7 => Handshake("resources/subscribe", new() { ["uri"] = "weather://Pune" }),
        8 => Handshake("logging/setLevel", new() { ["level"] = "info" }),
        9 => Notification("notifications/cancelled", new() { ["requestId"] = 1, ["reason"] = "none" }),
        10 => WithBody("""{"jsonrpc":"2.0","id":"a.b","result":{"action":"accept","content":{"city":"Pune"}}}""", session),
        11 => new RawRequest { Method = "GET", Headers = [.. Head(session), "Last-Event-ID: g.0"] },
        12 => Stateless("tools/call", new() { ["name"] = "save_place", ["arguments"] = new JsonObject { ["label"] = "home", ["city"] = "Pune", ["session"] = handle } }),
        13 => Stateless("tools/call", new() { ["name"] = "get_current_weather", ["arguments"] = new JsonObject { ["city"] = "Springfield" }, ["requestState"] = "AAAA", ["inputResponses"] = new JsonObject { ["city-1"] = new JsonObject { ["action"] = "accept" } } }),
        14 => Stateless("tools/list", []),
        15 => Stateless("subscriptions/listen", new() { ["notifications"] = new JsonObject { ["toolsListChanged"] = true, ["resourceSubscriptions"] = new JsonArray("weather://Pune") } }),
        16 => Stateless("server/discover", []),
        _ => Stateless("tools/call", new() { ["name"] = "close_session", ["arguments"] = new JsonObject { ["session"] = handle[..^1] } }),
    };

    private RawRequest Call(string tool, JsonObject arguments) =>
        Handshake("tools/call", new() { ["name"] = tool, ["arguments"] = arguments, ["_meta"] = new JsonObject { ["progressToken"] = 1 } });

    private RawRequest Handshake(string method, JsonObject parameters) => Handshake(method, parameters, session);

    private RawRequest Handshake(string method, JsonObject parameters, string? session) =>
        WithBody(new JsonObject { ["jsonrpc"] = "2.0", ["id"] = 1, ["method"] = method, ["params"] = parameters }.ToJsonString(), session);

    private RawRequest Notification(string method, JsonObject parameters) =>
        WithBody(new JsonObject { ["jsonrpc"] = "2.0", ["method"] = method, ["params"] = parameters }.ToJsonString(), session);

    private RawRequest Stateless(string method, JsonObject parameters)
    {
        parameters["_meta"] = new JsonObject
        {
            ["io.modelcontextprotocol/protocolVersion"] = Modern,
            ["io.modelcontextprotocol/clientInfo"] = new JsonObject { ["name"] = "raw", ["version"] = "1" },
            ["io.modelcontextprotocol/clientCapabilities"] = new JsonObject { ["elicitation"] = new JsonObject() },
        };
        var request = WithBody(new JsonObject { ["jsonrpc"] = "2.0", ["id"] = 1, ["method"] = method, ["params"] = parameters }.ToJsonString(), session: null);
        request.Set("MCP-Protocol-Version", Modern);
        request.Set("Mcp-Method", method);
        if ((string?)parameters["name"] is { } name)
        {
            request.Set("Mcp-Name", name);
        }

        return request;
    }

    private RawRequest WithBody(string body, string? session) =>
        new() { Method = "POST", Headers = [.. Head(session), "Content-Type: application/json"], Body = Encoding.UTF8.GetBytes(body) };

    private IEnumerable<string> Head(string? session) =>
    [
        $"Host: 127.0.0.1:{port}", $"Authorization: Bearer {key}", "Accept: application/json, text/event-stream", "Connection: close",
        .. session is null ? Array.Empty<string>() : [$"Mcp-Session-Id: {session}", "MCP-Protocol-Version: 2025-11-25"],
    ];
}
