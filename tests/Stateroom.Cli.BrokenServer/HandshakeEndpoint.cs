using System.Text.Json.Nodes;

namespace Stateroom.Cli.BrokenServer;

/// <summary>The handshake era as far as it takes to be driven: POST and DELETE.</summary>
internal sealed class HandshakeEndpoint(Sessions sessions, Tools tools, Questions questions)
{
    private const string Header = "Mcp-Session-Id";

    public async Task PostAsync(HttpContext http)
    {
        var message = (await JsonNode.ParseAsync(http.Request.Body, cancellationToken: http.RequestAborted))!.AsObject();
        var owner = OwnerOf(http);
        if ((string?)message["method"] == "initialize")
        {
            http.Response.Headers[Header] = sessions.Open(owner).Id;
            await RespondAsync(http, message, new JsonObject
            {
                ["protocolVersion"] = (string?)message["params"]?["protocolVersion"],
                ["capabilities"] = new JsonObject { ["tools"] = new JsonObject() },
                ["serverInfo"] = new JsonObject { ["name"] = "broken", ["version"] = "1" },
            });
        }
        else if (sessions.Find(http.Request.Headers[Header].ToString(), owner) is not { } session)
        {
            await NotFoundAsync(http);
        }
        else if (message["method"] is null)
        {
            questions.Answer(session, (int)message["id"]!, (string?)message["result"]?["content"]?["city"] ?? "");
            http.Response.StatusCode = StatusCodes.Status202Accepted;
        }
        else if (message["id"] is null)
        {
            http.Response.StatusCode = StatusCodes.Status202Accepted;
        }
        else if (await tools.CallAsync(session, message["params"]!.AsObject(), question => AskAsync(http, session, question), http.RequestAborted) is { } result)
        {
            await RespondAsync(http, message, result);
        }
        else
        {
            await NotFoundAsync(http);
        }
    }

    public Task DeleteAsync(HttpContext http)
    {
        if (!sessions.End(http.Request.Headers[Header].ToString(), OwnerOf(http)))
        {
            return NotFoundAsync(http);
        }

        http.Response.StatusCode = StatusCodes.Status204NoContent;
        return Task.CompletedTask;
    }

    private static string OwnerOf(HttpContext http) => http.Request.Headers.Authorization.ToString();

    private static Task NotFoundAsync(HttpContext http)
    {
        http.Response.StatusCode = StatusCodes.Status404NotFound;
        return http.Response.WriteAsJsonAsync(new JsonObject { ["jsonrpc"] = "2.0", ["error"] = new JsonObject { ["code"] = -32001, ["message"] = "Session not found" }, ["id"] = null });
    }

    private static Task RespondAsync(HttpContext http, JsonObject request, JsonObject result)
    {
        var response = new JsonObject { ["jsonrpc"] = "2.0", ["id"] = request["id"]!.DeepClone(), ["result"] = result };
        return http.Response.HasStarted ? SendEventAsync(http, response) : http.Response.WriteAsJsonAsync(response);
    }

    private Task<string?> AskAsync(HttpContext http, Session session, JsonObject question)
    {
        http.Response.ContentType = "text/event-stream";
        return questions.AskAsync(
            session,
            id => SendEventAsync(http, new JsonObject { ["jsonrpc"] = "2.0", ["id"] = id, ["method"] = "elicitation/create", ["params"] = question }),
            http.RequestAborted);
    }

    private static async Task SendEventAsync(HttpContext http, JsonObject message)
    {
        await http.Response.WriteAsync($"event: message\ndata: {message.ToJsonString()}\n\n", http.RequestAborted);
        await http.Response.Body.FlushAsync(http.RequestAborted);
    }
}
