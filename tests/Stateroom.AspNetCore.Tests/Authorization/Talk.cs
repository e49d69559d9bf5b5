using System.Net;
using System.Text.Json.Nodes;
using Stateroom.AspNetCore.Tests.Authentication;

namespace Stateroom.AspNetCore.Tests.Authorization;

/// <summary>Asks a server the same things in either era.</summary>
internal sealed class Talk(ResourceServer server, string? token, bool stateless) : IDisposable
{
    private RawClient? _client;

    public async Task<(HttpStatusCode Status, string Body, string? Challenge)> AskAsync(string method, JsonObject parameters)
    {
        using var response = stateless ? await server.StatelessAsync(token, method, parameters) : await HandshakeAsync(method, parameters);
        return (response.StatusCode, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), ResourceServer.ChallengeOf(response));
    }

    /// <summary>Asks, and gives the message that came back, whatever it was wrapped in.</summary>
    public async Task<JsonObject> MessageAsync(string method, JsonObject? parameters = null)
    {
        var (_, body, _) = await AskAsync(method, parameters ?? []);
        var data = body.Split('\n').LastOrDefault(line => line.StartsWith("data:", StringComparison.Ordinal))?["data:".Length..] ?? body;
        return JsonNode.Parse(data)!.AsObject();
    }

    public async Task<string[]> NamesAsync(string method, string list, string name) =>
        [.. (await MessageAsync(method))["result"]![list]!.AsArray().Select(item => (string)item![name]!)];

    public Task<(HttpStatusCode Status, string Body, string? Challenge)> CallAsync(string tool, JsonObject? arguments = null) =>
        AskAsync("tools/call", new() { ["name"] = tool, ["arguments"] = arguments ?? [] });

    public void Dispose() => _client?.Dispose();

    private async Task<HttpResponseMessage> HandshakeAsync(string method, JsonObject parameters)
    {
        _client ??= await server.Client(token ?? "").OpenAsync();
        return await _client.SendAsync(HttpMethod.Post, new JsonObject { ["jsonrpc"] = "2.0", ["id"] = 1, ["method"] = method, ["params"] = parameters }.ToJsonString());
    }
}
