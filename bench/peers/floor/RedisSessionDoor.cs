using StackExchange.Redis;

namespace Peers.Floor;

/// <summary>The same on Redis: one round trip that reads the session before its call. The other is the tool's, which counts by city before it answers.</summary>
internal sealed class RedisSessionDoor(RequestDelegate next, IDatabase redis)
{
    public async Task AnswerAsync(HttpContext context)
    {
        if (Opening.SentId(context.Request) is not { } id)
        {
            id = Opening.NewId();
            await redis.StringSetAsync(id, 0);
            await Opening.AnswerAsync(context.Response, id);
            return;
        }

        if ((await redis.StringGetAsync(id)).IsNull)
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        await next(context);
    }
}
