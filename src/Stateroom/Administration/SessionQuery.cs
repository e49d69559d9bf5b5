using Stateroom.Sessions;

namespace Stateroom.Administration;

/// <summary>Which sessions are to be listed.</summary>
public sealed record SessionQuery
{
    /// <summary>Of which tenant.</summary>
    public required TenantRooms Tenant { get; init; }

    /// <summary>Of which owner; null for all.</summary>
    public string? Owner { get; init; }

    /// <summary>Of which era; null for both.</summary>
    public SessionEra? Era { get; init; }

    /// <summary>With what their references begin; empty for all.</summary>
    public string Reference { get; init; } = "";

    /// <summary>After which reference the page begins, as <see cref="SessionPage.Next"/> told it; null for the first page.</summary>
    public string? After { get; init; }

    /// <summary>How many at the most, 1 to <see cref="ISessionDirectory.MaxPageSize"/>. Default 50.</summary>
    public int Limit { get; init; } = 50;
}

/// <summary>Some sessions.</summary>
/// <param name="Sessions">The sessions, by reference.</param>
/// <param name="Next">Where the next page begins, for <see cref="SessionQuery.After"/>; null if this is the last page.</param>
public sealed record SessionPage(IReadOnlyList<SessionSummary> Sessions, string? Next);
