namespace Stateroom.AspNetCore.Authentication;

/// <summary>The name that the choice between API keys and tokens goes by.</summary>
public static class StateroomAuthenticationDefaults
{
    /// <summary>The scheme that hands a credential to the scheme that knows its kind. Make it the default one.</summary>
    public const string AuthenticationScheme = "Stateroom";
}
