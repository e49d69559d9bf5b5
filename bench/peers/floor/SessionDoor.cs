using System.Collections.Concurrent;
using System.Security.Cryptography;

namespace Peers.Floor;

/// <summary>Sessions that are a count: whoever names none is given one, and each request of one is counted.</summary>
internal sealed class SessionDoor(RequestDelegate next)
{
    private const string Header = "Mcp-Session-Id";
    private const string Opened = """{"jsonrpc":"2.0","id":1,"result":{"protocolVersion":"2025-11-25","capabilities":{"tools":{}},"serverInfo":{"name":"floor","version":"1"}}}""";
    private readonly ConcurrentDictionary<string, Session> _sessions = new();

    public Task AnswerAsync(HttpContext context)
    {
        if (context.Request.Headers[Header] is not [{ } id]) return OpenAsync(context.Response);
        if (!_sessions.TryGetValue(id, out var session))
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return Task.CompletedTask;
        }

        Interlocked.Increment(ref session.Calls);
        return next(context);
    }

    private Task OpenAsync(HttpResponse response)
    {
        var id = RandomNumberGenerator.GetHexString(32);
        _sessions[id] = new();
        response.Headers[Header] = id;
        return response.WriteAsync(Opened);
    }

    private sealed class Session
    {
        public int Calls;
    }
}
