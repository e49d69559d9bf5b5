namespace Stateroom.AspNetCore.Authorization;

/// <summary>Which scopes are needed for what, besides what <see cref="RequiresScopeAttribute"/> says. Checked at start-up.</summary>
public sealed class ScopeOptions
{
    /// <summary>The rules; all that name a thing hold for it. Default none.</summary>
    public IList<ScopeRule> Scopes { get; } = [];
}
