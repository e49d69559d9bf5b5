namespace Stateroom.AspNetCore;

/// <summary>Placeholder.</summary>
public sealed class SessionEndpointOptions
{
    /// <summary>Placeholder.</summary>
    public bool AllowAnonymous { get; set; }

    /// <summary>Placeholder.</summary>
    public long MaxBodyBytes { get; set; } = 4 * 1024 * 1024;

    /// <summary>Placeholder.</summary>
    public IList<string> AllowedOrigins { get; } = [];

    /// <summary>Placeholder.</summary>
    public TimeSpan StreamAfter { get; set; } = TimeSpan.FromMilliseconds(250);

    /// <summary>Placeholder.</summary>
    public TimeSpan KeepAliveInterval { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>Placeholder.</summary>
    public bool SessionTools { get; set; }

    /// <summary>Placeholder.</summary>
    public bool HandleHeader { get; set; }
}
