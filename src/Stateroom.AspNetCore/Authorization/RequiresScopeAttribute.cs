namespace Stateroom.AspNetCore.Authorization;

/// <summary>
/// A tool, prompt or resource that only credentials with a scope may use. A call without it is answered with 403 and what is lacking, before the handler runs:
/// MCP 2026-07-28, Authorization, Scope Challenge Handling. On a class it is for every method of it; several attributes are all needed.
/// </summary>
/// <param name="scope">The scope; several with spaces between them are all needed.</param>
[AttributeUsage(AttributeTargets.Method | AttributeTargets.Class, AllowMultiple = true)]
public sealed class RequiresScopeAttribute(string scope) : Attribute
{
    /// <summary>The scope, or several with spaces between them.</summary>
    public string Scope { get; } = scope;

    /// <summary>Whether it does not exist for those who lack the scope, so that they are not told to ask for it either. Default false.</summary>
    public bool Hide { get; set; }
}
