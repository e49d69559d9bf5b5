using System.Buffers.Text;
using System.Text.Json;

namespace Stateroom.AspNetCore.Authentication.Jwt;

/// <summary>Looks at a bearer token to see which scheme is to check it. What it finds is claimed, not proven: it chooses who checks and nothing else.</summary>
internal static class TokenShape
{
    private const int MaxLength = 16 * 1024;

    /// <summary>The issuer that a JWT claims to be from; null for what is no JWT.</summary>
    public static string? ClaimedIssuer(string? authorization)
    {
        const string Bearer = "Bearer ";
        if (authorization is null || authorization.Length > MaxLength || !authorization.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        var token = authorization.AsSpan(Bearer.Length).Trim();
        if (token.Count('.') != 2)
        {
            return null;
        }

        var payload = token[(token.IndexOf('.') + 1)..token.LastIndexOf('.')];
        try
        {
            using var document = JsonDocument.Parse(Base64Url.DecodeFromChars(payload));
            return document.RootElement.ValueKind == JsonValueKind.Object
                && document.RootElement.TryGetProperty("iss", out var issuer)
                && issuer.ValueKind == JsonValueKind.String
                    ? issuer.GetString()
                    : null;
        }
        catch (Exception e) when (e is FormatException or JsonException or InvalidOperationException)
        {
            return null;
        }
    }
}
