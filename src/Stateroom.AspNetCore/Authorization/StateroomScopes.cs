namespace Stateroom.AspNetCore.Authorization;

/// <summary>The scopes that Stateroom itself asks for.</summary>
public static class StateroomScopes
{
    /// <summary>What the names of these scopes begin with. A credential has one only if it names it: none is ever implied.</summary>
    public const string Prefix = "stateroom:";

    /// <summary>Lets a credential administer all tenants.</summary>
    public const string Admin = Prefix + "admin";

    /// <summary>Lets a credential read metrics, and nothing else. <see cref="Admin"/> does too.</summary>
    public const string Metrics = Prefix + "metrics";
}
