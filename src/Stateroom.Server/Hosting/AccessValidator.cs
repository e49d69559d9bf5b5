using Microsoft.Extensions.Options;
using Stateroom.AspNetCore;
using Stateroom.AspNetCore.Authentication;
using Stateroom.AspNetCore.Authentication.Jwt;

namespace Stateroom.Server.Hosting;

/// <summary>Refuses to start a server that nobody could use, or that everybody could without anyone having said so.</summary>
internal sealed class AccessValidator(IOptionsMonitor<ApiKeyOptions> apiKeys, IOptions<JwtOptions> jwt) : IValidateOptions<SessionEndpointOptions>
{
    public ValidateOptionsResult Validate(string? name, SessionEndpointOptions options) =>
        options.AllowAnonymous || apiKeys.Get(ApiKeyDefaults.AuthenticationScheme).Keys.Count > 0 || jwt.Value.Issuers.Count > 0
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail(
                "No authentication is configured. Set Stateroom:ApiKeys to a list of { KeyHash, Tenant, Owner } "
                + "(environment: Stateroom__ApiKeys__0__KeyHash and so on), "
                + "or Stateroom:Jwt to { Resource, Issuers } for the tokens of an authorization server, or say Stateroom:AllowAnonymous=true if everybody may call. "
                + "For the development keys run with ASPNETCORE_ENVIRONMENT=Development.");
}
