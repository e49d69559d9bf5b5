namespace Stateroom.AspNetCore.Authorization;

/// <summary>A scope that is needed for a tool, prompt or resource that carries no <see cref="RequiresScopeAttribute"/>. Exactly one of them is named.</summary>
public sealed class ScopeRule
{
    /// <summary>The name of the tool.</summary>
    public string? Tool { get; set; }

    /// <summary>The name of the prompt.</summary>
    public string? Prompt { get; set; }

    /// <summary>The resource: its URI, or the URI template of many. Not one of the many: the server does not start with a rule that other spellings of a URI would get around.</summary>
    public string? Resource { get; set; }

    /// <summary>The scope; several with spaces between them are all needed.</summary>
    public string? Scope { get; set; }
}
