namespace Stateroom.AspNetCore.Authentication;

/// <summary>The names that API key authentication goes by.</summary>
public static class ApiKeyDefaults
{
    /// <summary>The authentication scheme.</summary>
    public const string AuthenticationScheme = "ApiKey";

    /// <summary>The configuration section that faults name; who binds <see cref="ApiKeyOptions.Keys"/> binds it to this one.</summary>
    internal const string ConfigurationSection = "Stateroom:ApiKeys";

    /// <summary>The realm that a 401 answer names.</summary>
    public const string Realm = "stateroom";
}
