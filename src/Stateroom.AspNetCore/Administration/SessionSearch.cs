using Stateroom.Administration;
using Stateroom.Sessions;
using Stateroom.Tenancy;

namespace Stateroom.AspNetCore.Administration;

/// <param name="Tenant">Of which tenant; null for all.</param>
/// <param name="Owner">Of which owner; null for all.</param>
/// <param name="Era">Of which era; null for both.</param>
/// <param name="Text">What is looked for: part of the name of a tenant, an owner or a client, or the beginning of a reference or a fingerprint; null for everything.</param>
/// <param name="Limit">How many at the most.</param>
internal sealed record SearchQuery(TenantRooms? Tenant, string? Owner, SessionEra? Era, string? Text, int Limit);

/// <summary>Where the next page begins: in this tenant, after this reference.</summary>
internal sealed record SearchPosition(TenantRooms Tenant, string Reference);

internal sealed record SearchPage(IReadOnlyList<SessionSummary> Sessions, SearchPosition? Next);

/// <summary>Looks for sessions in one tenant or in all, tenant by tenant, and looks at so many only for one page.</summary>
internal sealed class SessionSearch(ISessionDirectory directory)
{
    private const int MaxLookedAt = 2_000;

    /// <summary>How often the directory is asked for one page, since tenants without a hit count too.</summary>
    private const int MaxSteps = 200;

    private static readonly string AfterTheLast = new('f', SessionReference.Length);

    /// <summary>Finds a page. It may hold fewer than asked for and yet not be the last: that is the one without <see cref="SearchPage.Next"/>.</summary>
    /// <exception cref="SessionStoreUnavailableException">The store did not answer in time.</exception>
    public async Task<SearchPage> FindAsync(SearchQuery query, SearchPosition? after, CancellationToken cancellationToken)
    {
        var found = new List<SessionSummary>();
        var (looked, steps) = (0, 0);
        await foreach (var tenant in TenantsAsync(query.Tenant, after?.Tenant, cancellationToken))
        {
            var reference = tenant == after?.Tenant ? after.Reference : null;
            do
            {
                var page = await directory.ListSessionsAsync(Step(query, tenant, reference, found.Count), cancellationToken);
                foreach (var session in page.Sessions.Where(s => Fits(s, query.Text)))
                {
                    if (found.Count == query.Limit)
                    {
                        // There is at least one more.
                        return new(found, new(TenantRooms.Of(found[^1].Caller), found[^1].Reference));
                    }

                    found.Add(session);
                }

                reference = page.Next;
                looked += page.Sessions.Count;
                if (looked >= MaxLookedAt || ++steps >= MaxSteps)
                {
                    return new(found, new(tenant, reference ?? AfterTheLast));
                }
            }
            while (reference is not null);
        }

        return new(found, null);
    }

    private static SessionQuery Step(SearchQuery query, TenantRooms tenant, string? after, int found) => new()
    {
        Tenant = tenant,
        Owner = query.Owner,
        Era = query.Era,
        After = after,
        Limit = query.Text is null ? Math.Min(query.Limit - found + 1, ISessionDirectory.MaxPageSize) : ISessionDirectory.MaxPageSize,
    };

    private async IAsyncEnumerable<TenantRooms> TenantsAsync(TenantRooms? only, TenantRooms? from, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if ((only ?? from) is { } first)
        {
            yield return first;
        }

        for (var after = from; only is null;)
        {
            var page = await directory.ListTenantsAsync(after, ISessionDirectory.MaxPageSize, cancellationToken);
            foreach (var tenant in page.Tenants)
            {
                yield return tenant.Tenant;
            }

            if (page.Next is null)
            {
                yield break;
            }

            after = page.Next;
        }
    }

    private static bool Fits(SessionSummary session, string? text)
    {
        return text is null
            || Holds(session.Caller.Tenant.Value) || Holds(session.Caller.Owner) || Holds(AnswerBuilder.ClientOf(session)?.Name)
            || (text.All(char.IsAsciiHexDigit) && (Begins(session.Reference) || Begins(CallerFingerprint.Of(session.Caller)) || Begins(CallerFingerprint.Of(session.Caller.Tenant))));

        bool Holds(string? name) => name?.Contains(text, StringComparison.OrdinalIgnoreCase) == true;

        bool Begins(string digits) => digits.StartsWith(text, StringComparison.OrdinalIgnoreCase);
    }
}
