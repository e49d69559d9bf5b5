using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;

namespace Stateroom.AspNetCore.Tests.Stateless;

/// <summary>Sends requests as a client writes them, and reads what comes back.</summary>
internal sealed class Wire(HttpClient http, string caller, string version)
{
    private int _id;

    public async Task<Reply> CallAsync(string tool, JsonObject? arguments = null, JsonObject? more = null, params (string Name, string Value)[] headers)
    {
        var parameters = new JsonObject { ["name"] = tool, ["arguments"] = arguments ?? [] };
        foreach (var (key, value) in more ?? [])
        {
            parameters[key] = value?.DeepClone();
        }

        return await SendAsync("tools/call", parameters, headers);
    }

    public async Task<Reply> SendAsync(string method, JsonObject? parameters = null, params (string Name, string Value)[] headers)
    {
        using var response = await http.SendAsync(Request(method, parameters ?? [], headers), TestContext.Current.CancellationToken);
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        var data = text.Split('\n').LastOrDefault(line => line.StartsWith("data:", StringComparison.Ordinal))?["data:".Length..] ?? text;
        return new Reply(response.StatusCode, JsonNode.Parse(data)!.AsObject());
    }

    /// <summary>Opens a stream that stays open; the messages are read one by one.</summary>
    public async Task<WireStream> OpenAsync(string method, JsonObject parameters)
    {
        var response = await http.SendAsync(Request(method, parameters, []), HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        return new WireStream(response, await response.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken));
    }

    private HttpRequestMessage Request(string method, JsonObject parameters, (string Name, string Value)[] headers)
    {
        var stateless = version == "2026-07-28";
        if (stateless)
        {
            parameters["_meta"] = new JsonObject
            {
                ["io.modelcontextprotocol/protocolVersion"] = version,
                ["io.modelcontextprotocol/clientInfo"] = new JsonObject { ["name"] = "wire", ["version"] = "1" },
                ["io.modelcontextprotocol/clientCapabilities"] = new JsonObject { ["elicitation"] = new JsonObject() },
            };
        }

        var body = new JsonObject { ["jsonrpc"] = "2.0", ["id"] = Interlocked.Increment(ref _id), ["method"] = method, ["params"] = parameters };
        var request = new HttpRequestMessage(HttpMethod.Post, "/mcp") { Content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json") };
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("text/event-stream"));
        request.Headers.Add("Test-Caller", caller);
        request.Headers.Add("MCP-Protocol-Version", version);
        if (stateless)
        {
            request.Headers.Add("Mcp-Method", method);
            if ((parameters["name"] ?? parameters["uri"])?.GetValue<string>() is { } name)
            {
                request.Headers.Add("Mcp-Name", name);
            }
        }

        foreach (var (name, value) in headers)
        {
            request.Headers.Add(name, value);
        }

        return request;
    }
}

/// <summary>What came back.</summary>
internal sealed record Reply(HttpStatusCode Status, JsonObject Message)
{
    public JsonObject Result => Message["result"]?.AsObject() ?? throw new InvalidOperationException($"No result: {Message.ToJsonString()}");

    public int? Error => Message["error"]?["code"]?.GetValue<int>();

    public bool IsToolError => Result["isError"]?.GetValue<bool>() ?? false;

    public string Text => Result["content"]![0]!["text"]!.GetValue<string>();

    /// <summary>The handle of the session that the call opened; null if it tells of none.</summary>
    public string? Handle => Result["_meta"]?["stateroom/session"]?.GetValue<string>();

    public string? State => Result["requestState"]?.GetValue<string>();
}
