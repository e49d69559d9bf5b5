using System.Buffers.Text;
using System.Text.Json;

namespace Stateroom.AspNetCore.Authentication.Jwt;

/// <summary>Looks at a bearer token to see which scheme is to check it. What it finds is claimed, not proven: it chooses who checks and nothing else.</summary>
internal static class TokenShape
{
    private const int MaxLength = 16 * 1024;

    /// <summary>The issuer that a JWT claims to be from; null for what is no JWT.</summary>
    public static string? ClaimedIssuer(string? authorization) => Read(authorization, part: 1, "iss");

    /// <summary>The key that a JWT says it is signed with; null where it names none.</summary>
    public static string? ClaimedKey(string? authorization) => Read(authorization, part: 0, "kid");

    private static string? Read(string? authorization, int part, string member)
    {
        const string Bearer = "Bearer ";
        if (authorization is null || authorization.Length > MaxLength || !authorization.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase)
            || authorization[Bearer.Length..].Trim().Split('.') is not { Length: 3 } parts)
        {
            return null;
        }

        try
        {
            using var document = JsonDocument.Parse(Base64Url.DecodeFromChars(parts[part]));
            return document.RootElement.ValueKind == JsonValueKind.Object
                && document.RootElement.TryGetProperty(member, out var value)
                && value.ValueKind == JsonValueKind.String
                    ? value.GetString()
                    : null;
        }
        catch (Exception e) when (e is FormatException or JsonException or InvalidOperationException)
        {
            return null;
        }
    }
}
