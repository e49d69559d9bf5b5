using Stateroom.Redis.Scripts;
using Stateroom.Sessions;

namespace Stateroom.Redis.Sessions;

/// <summary>Redis's clock, as its answers tell it: asking costs a round trip only where there was no answer yet.</summary>
internal sealed class RedisSharedClock(ScriptRunner runner) : ISharedClock
{
    public async ValueTask<DateTimeOffset> GetUtcNowAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return ScriptReply.Moment(await runner.GetTimeAsync(cancellationToken));
    }
}
