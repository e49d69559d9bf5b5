namespace Stateroom.AspNetCore.Authentication.Jwt;

/// <summary>The names that access tokens go by.</summary>
internal static class JwtDefaults
{
    /// <summary>The configuration section that faults name.</summary>
    public const string ConfigurationSection = "Stateroom:Jwt";

    /// <summary>How far the clocks of an issuer and of this server may be apart: a token is taken this much before and after the times that it states.</summary>
    public static readonly TimeSpan ClockSkew = TimeSpan.FromSeconds(30);

    /// <summary>The scheme that checks the tokens of one issuer.</summary>
    public static string SchemeOf(int issuer) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"Jwt:{issuer}");
}
