using System.Net.Http.Headers;
using System.Text.Json.Nodes;

namespace Stateroom.ScaleOut.Tests.Support;

/// <summary>Sends requests of the stateless era as a client writes them.</summary>
internal static class StatelessWire
{
    private const string Revision = "2026-07-28";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>Calls a tool and gives its result.</summary>
    public static async Task<JsonObject> CallToolAsync(this RawClient client, string tool, JsonObject arguments, JsonObject? more = null)
    {
        var response = await CallAsync(client, tool, arguments, more);
        return response["result"] as JsonObject ?? throw new InvalidOperationException(response.ToJsonString());
    }

    /// <summary>Calls a tool and gives its result; null where the answer is an error.</summary>
    public static async Task<JsonObject?> TryCallToolAsync(this RawClient client, string tool, JsonObject arguments, JsonObject? more = null) =>
        (await CallAsync(client, tool, arguments, more))["result"] as JsonObject;

    /// <summary>Opens a stream that stays open.</summary>
    public static async Task<SseReader> ListenAsync(this RawClient client, JsonObject notifications) =>
        new(await client.SendAsync("subscriptions/listen", new() { ["notifications"] = notifications }));

    private static async Task<JsonObject> CallAsync(RawClient client, string tool, JsonObject arguments, JsonObject? more)
    {
        var parameters = new JsonObject { ["name"] = tool, ["arguments"] = arguments.DeepClone() };
        foreach (var (key, value) in more ?? [])
        {
            parameters[key] = value?.DeepClone();
        }

        using var response = await client.SendAsync("tools/call", parameters);
        var text = await response.Content.ReadAsStringAsync(Token);
        var data = text.Split('\n').LastOrDefault(line => line.StartsWith("data:", StringComparison.Ordinal))?["data:".Length..] ?? text;
        return JsonNode.Parse(data)!.AsObject();
    }

    private static Task<HttpResponseMessage> SendAsync(this RawClient client, string method, JsonObject parameters)
    {
        parameters["_meta"] = new JsonObject
        {
            ["io.modelcontextprotocol/protocolVersion"] = Revision,
            ["io.modelcontextprotocol/clientInfo"] = new JsonObject { ["name"] = "raw", ["version"] = "1" },
            ["io.modelcontextprotocol/clientCapabilities"] = new JsonObject { ["elicitation"] = new JsonObject() },
        };
        var body = new JsonObject { ["jsonrpc"] = "2.0", ["id"] = 1, ["method"] = method, ["params"] = parameters };
        return client.SendAsync(HttpMethod.Post, body.ToJsonString(), configure: request =>
        {
            request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("text/event-stream"));
            request.Headers.Add("MCP-Protocol-Version", Revision);
            request.Headers.Add("Mcp-Method", method);
            if ((string?)parameters["name"] is { } name)
            {
                request.Headers.Add("Mcp-Name", name);
            }
        });
    }
}
