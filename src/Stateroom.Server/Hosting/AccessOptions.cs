using Stateroom.AspNetCore.Authentication;
using Stateroom.AspNetCore.Authentication.Jwt;

namespace Stateroom.Server.Hosting;

/// <summary>Who may call, as the settings under <c>Stateroom</c> say.</summary>
internal sealed class AccessOptions
{
    /// <summary>The keys and whom they stand for. Default none.</summary>
    public IList<ApiKeyEntry> ApiKeys { get; } = [];

    /// <summary>The authorization servers whose tokens are taken. Default none.</summary>
    public JwtOptions Jwt { get; } = new();
}
