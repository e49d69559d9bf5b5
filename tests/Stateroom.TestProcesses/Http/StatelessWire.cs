using System.Net.Http.Headers;
using System.Text.Json.Nodes;

namespace Stateroom.TestProcesses.Http;

/// <summary>Sends requests of the stateless era as a client writes them.</summary>
public static class StatelessWire
{
    private const string Revision = "2026-07-28";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>Calls a tool and gives its result.</summary>
    public static async Task<JsonObject> CallToolAsync(this RawClient client, string tool, JsonObject arguments, JsonObject? more = null)
    {
        var parameters = new JsonObject { ["name"] = tool, ["arguments"] = arguments };
        foreach (var (key, value) in more ?? [])
        {
            parameters[key] = value?.DeepClone();
        }

        using var response = await client.SendStatelessAsync("tools/call", parameters);
        var answer = await RawClient.ReadResponseAsync(response);
        return answer["result"] as JsonObject ?? throw new InvalidOperationException(answer.ToJsonString());
    }

    /// <summary>Opens a stream that stays open.</summary>
    public static async Task<SseReader> ListenAsync(this RawClient client, JsonObject notifications) =>
        new(await client.SendStatelessAsync("subscriptions/listen", new() { ["notifications"] = notifications }));

    /// <summary>Sends any request of the era.</summary>
    /// <param name="client">Who sends it. It has no session of the other era.</param>
    /// <param name="method">The method.</param>
    /// <param name="parameters">The parameters; their <c>_meta</c> is added.</param>
    /// <param name="id">The request's id.</param>
    /// <param name="configure">Changes the request before it is sent.</param>
    public static Task<HttpResponseMessage> SendStatelessAsync(
        this RawClient client, string method, JsonObject parameters, int id = 1, Action<HttpRequestMessage>? configure = null)
    {
        var meta = parameters["_meta"] as JsonObject ?? [];
        parameters["_meta"] = meta;
        foreach (var (key, value) in new JsonObject
        {
            ["io.modelcontextprotocol/protocolVersion"] = Revision,
            ["io.modelcontextprotocol/clientInfo"] = new JsonObject { ["name"] = "raw", ["version"] = "1" },
            ["io.modelcontextprotocol/clientCapabilities"] = new JsonObject { ["elicitation"] = new JsonObject() },
        })
        {
            meta.TryAdd(key, value?.DeepClone());
        }

        var body = new JsonObject { ["jsonrpc"] = "2.0", ["id"] = id, ["method"] = method, ["params"] = parameters };
        return client.SendAsync(HttpMethod.Post, body.ToJsonString(), configure: request =>
        {
            request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("text/event-stream"));
            request.Headers.Add("MCP-Protocol-Version", Revision);
            request.Headers.Add("Mcp-Method", method);
            if ((string?)parameters["name"] is { } name)
            {
                request.Headers.Add("Mcp-Name", name);
            }

            configure?.Invoke(request);
        });
    }
}
