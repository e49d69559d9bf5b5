using Stateroom.Sessions;

namespace Stateroom.Administration;

/// <summary>How every directory makes a page out of the ids that it knows: the order, and how much is looked at for one page, are the same everywhere.</summary>
internal static class SessionPaging
{
    /// <summary>How many sessions are looked at together.</summary>
    private const int Batch = 200;

    /// <summary>How many sessions are looked at for one page, so that a filter that fits none does not read them all in one call.</summary>
    internal const int MaxLookedAt = 2_000;

    /// <param name="query">Which sessions.</param>
    /// <param name="ids">The ids of all sessions that may be meant, some of them perhaps dead.</param>
    /// <param name="read">Looks at sessions and gives those that are alive and of the owner that is asked for, in order.</param>
    public static async ValueTask<SessionPage> FillAsync(
        SessionQuery query, IEnumerable<string> ids, Func<IReadOnlyList<string>, ValueTask<IReadOnlyList<SessionSummary>>> read)
    {
        var candidates = ids.Select(id => (Id: id, Reference: SessionReference.Of(id)))
            .Where(c => c.Reference.StartsWith(query.Reference, StringComparison.Ordinal) && string.CompareOrdinal(c.Reference, query.After) > 0)
            .OrderBy(c => c.Reference, StringComparer.Ordinal)
            .ToList();
        var found = new List<SessionSummary>();
        var looked = 0;
        while (looked < candidates.Count && looked < MaxLookedAt)
        {
            var batch = candidates.Skip(looked).Take(Batch).ToList();
            looked += batch.Count;
            foreach (var session in await read([.. batch.Select(c => c.Id)]))
            {
                if (query.Era is { } era && session.Era != era)
                {
                    continue;
                }

                if (found.Count == query.Limit)
                {
                    // There is at least one more.
                    return new(found, found[^1].Reference);
                }

                found.Add(session);
            }
        }

        return new(found, looked < candidates.Count ? candidates[looked - 1].Reference : null);
    }

    public static void CheckLimit(int limit)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(limit, ISessionDirectory.MaxPageSize);
    }
}
