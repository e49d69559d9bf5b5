namespace Stateroom.AspNetCore.Authorization;

/// <summary>Scopes as they are written: RFC 6749 section 3.3.</summary>
internal static class ScopeText
{
    public static string[] Split(string? scopes) => scopes?.Split(' ', StringSplitOptions.RemoveEmptyEntries) ?? [];

    /// <summary>Whether a text is one scope, which can stand in quotes in a header.</summary>
    public static bool IsScope(string text) => text.Length > 0 && text.All(c => c is > ' ' and < '\x7f' and not '"' and not '\\');
}
