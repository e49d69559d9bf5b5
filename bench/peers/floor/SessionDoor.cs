using System.Collections.Concurrent;

namespace Peers.Floor;

/// <summary>Sessions that are a count: whoever names none is given one, and each request of one is counted.</summary>
internal sealed class SessionDoor(RequestDelegate next)
{
    private readonly ConcurrentDictionary<string, Session> _sessions = new();

    public Task AnswerAsync(HttpContext context)
    {
        if (Opening.SentId(context.Request) is not { } id)
        {
            id = Opening.NewId();
            _sessions[id] = new();
            return Opening.AnswerAsync(context.Response, id);
        }

        if (!_sessions.TryGetValue(id, out var session))
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return Task.CompletedTask;
        }

        Interlocked.Increment(ref session.Calls);
        return next(context);
    }

    private sealed class Session
    {
        public int Calls;
    }
}
