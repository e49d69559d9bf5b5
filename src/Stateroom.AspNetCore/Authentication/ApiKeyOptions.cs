using Microsoft.AspNetCore.Authentication;

namespace Stateroom.AspNetCore.Authentication;

/// <summary>Which API keys let whom in. Checked at start-up; every fault is reported at once.</summary>
public sealed class ApiKeyOptions : AuthenticationSchemeOptions
{
    /// <summary>The keys. Default none, which lets nobody in. Read once: a change takes effect at the next start.</summary>
    public IList<ApiKeyEntry> Keys { get; } = [];

    /// <summary>Whether <see cref="ApiKeyEntry.Key"/> may be used. Default false; true only in development, where the settings are no secret.</summary>
    public bool AllowPlainKeys { get; set; }
}
