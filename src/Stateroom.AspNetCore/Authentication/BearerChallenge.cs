using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Stateroom.AspNetCore.Authentication;

/// <summary>Says in <c>WWW-Authenticate</c> what a credential lacks: RFC 6750 section 3, RFC 9728 section 5.1.</summary>
internal static class BearerChallenge
{
    public const string InvalidToken = "invalid_token";

    public const string InsufficientScope = "insufficient_scope";

    public static void Write(HttpResponse response, int status, string? realm = null, string? error = null, IEnumerable<string>? scopes = null, string? metadata = null)
    {
        (string Name, string? Value)[] parameters =
        [
            ("realm", realm),
            ("error", error),
            ("scope", scopes is null ? null : string.Join(' ', scopes)),
            ("resource_metadata", metadata),
        ];
        var given = string.Join(", ", parameters.Where(p => p.Value is { Length: > 0 }).Select(p => $"{p.Name}=\"{p.Value}\""));
        response.StatusCode = status;
        response.Headers.Append(HeaderNames.WWWAuthenticate, given.Length == 0 ? "Bearer" : $"Bearer {given}");
    }
}
