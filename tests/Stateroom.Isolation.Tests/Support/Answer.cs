using System.Net;
using System.Text.Json.Nodes;

namespace Stateroom.Isolation.Tests.Support;

/// <summary>Everything that a client can see of an answer, so that two answers can be compared to the byte. Only the date is left out.</summary>
public sealed record Answer(HttpStatusCode Status, string Headers, string Body)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>The message in it, be it one JSON body or the last of a short stream.</summary>
    public JsonObject Json
    {
        get
        {
            var data = Body.Split('\n').LastOrDefault(line => line.StartsWith("data: {", StringComparison.Ordinal))?["data: ".Length..] ?? Body;
            return JsonNode.Parse(data)!.AsObject();
        }
    }

    /// <summary>The code of its JSON-RPC error; null if it holds none.</summary>
    public int? ErrorCode => (int?)Json["error"]?["code"];

    public static async Task<Answer> OfAsync(Task<HttpResponseMessage> sending)
    {
        using var response = await sending;
        var headers = response.Headers.Concat(response.Content.Headers).Where(header => header.Key != "Date").OrderBy(header => header.Key, StringComparer.Ordinal);
        return new Answer(
            response.StatusCode,
            string.Join('\n', headers.Select(header => $"{header.Key}: {string.Join(", ", header.Value)}")),
            await response.Content.ReadAsStringAsync(Token));
    }

    /// <summary>Calls a tool in the stateless era.</summary>
    public static Task<Answer> OfToolAsync(RawClient client, string tool, JsonObject arguments, Action<HttpRequestMessage>? configure = null) =>
        OfAsync(client.SendStatelessAsync("tools/call", new JsonObject { ["name"] = tool, ["arguments"] = arguments }, configure: configure));
}
