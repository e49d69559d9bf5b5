using Stateroom.Diagnostics;
using Stateroom.Sessions;

namespace Stateroom.Administration;

/// <summary>Ends what a directory lists through the <see cref="SessionLifecycle"/>, whatever store is behind both.</summary>
internal sealed class SessionAdministration(ISessionDirectory directory, SessionLifecycle lifecycle) : ISessionAdministration
{
    private const int AtATime = 16;

    public Task<bool> EndAsync(SessionSummary session, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(session);
        return lifecycle.EndAsync(session.Claim, SessionEndReason.Administrator, cancellationToken);
    }

    public async Task<int> EndAllAsync(TenantRooms tenant, string? owner, CancellationToken cancellationToken)
    {
        var ended = 0;
        var query = new SessionQuery { Tenant = tenant, Owner = owner, Limit = ISessionDirectory.MaxPageSize };
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = AtATime, CancellationToken = cancellationToken };
        do
        {
            var page = await directory.ListSessionsAsync(query, cancellationToken);
            await Parallel.ForEachAsync(page.Sessions, parallel, async (session, cancellation) =>
            {
                if (await EndAsync(session, cancellation))
                {
                    Interlocked.Increment(ref ended);
                }
            });
            query = query with { After = page.Next };
        }
        while (query.After is not null);

        return ended;
    }
}
