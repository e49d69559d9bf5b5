using System.Security.Claims;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Protocols;
using Microsoft.IdentityModel.Tokens;

namespace Stateroom.AspNetCore.Authentication.Jwt;

/// <summary>Has the tokens of each issuer checked: OAuth 2.1 section 5.2, RFC 9068 section 4.</summary>
internal sealed class JwtBearerSetup(IOptions<JwtOptions> jwt, TimeProvider time) : IConfigureNamedOptions<JwtBearerOptions>
{
    // Signatures only: with a secret for a key, whoever knows an issuer's public key could sign.
    private static readonly string[] _algorithms =
    [
        SecurityAlgorithms.RsaSha256, SecurityAlgorithms.RsaSha384, SecurityAlgorithms.RsaSha512,
        SecurityAlgorithms.RsaSsaPssSha256, SecurityAlgorithms.RsaSsaPssSha384, SecurityAlgorithms.RsaSsaPssSha512,
        SecurityAlgorithms.EcdsaSha256, SecurityAlgorithms.EcdsaSha384, SecurityAlgorithms.EcdsaSha512,
    ];

    public void Configure(JwtBearerOptions options)
    {
    }

    public void Configure(string? name, JwtBearerOptions options)
    {
        for (var i = 0; i < jwt.Value.Issuers.Count; i++)
        {
            if (JwtDefaults.SchemeOf(i) == name)
            {
                Configure(options, jwt.Value.Issuers[i]);
            }
        }
    }

    private void Configure(JwtBearerOptions options, JwtIssuer issuer)
    {
        options.TimeProvider = time;
        var keys = KeysOf(issuer);
        options.ConfigurationManager = keys;
        options.MapInboundClaims = false;

        // Kept tokens could be passed on by a tool.
        options.SaveToken = false;
        options.TokenValidationParameters = new TokenValidationParameters
        {
            ValidIssuer = issuer.Authority,
            ValidAudience = jwt.Value.Resource,
            ValidAlgorithms = _algorithms,
            RequireSignedTokens = true,
            RequireExpirationTime = true,
            LifetimeValidator = IsInTime,
        };
        options.Events = new JwtBearerEvents
        {
            OnMessageReceived = context => TokenShape.ClaimedKey(context.Request.Headers.Authorization) is { } key
                ? keys.LookUpAsync(key, context.HttpContext.RequestAborted)
                : Task.CompletedTask,
            OnAuthenticationFailed = IssuerOutage.LookAsync,
            OnTokenValidated = context =>
            {
                var identity = JwtCaller.Identify([.. context.Principal!.Claims], issuer, context.Scheme.Name);
                if (identity is null)
                {
                    context.Fail("The token does not name its tenant and its owner once.");
                }
                else
                {
                    context.Principal = new ClaimsPrincipal(identity);

                    // Until when it is taken, not until when it says: a stream that ended sooner would be opened again at once.
                    context.Properties.ExpiresUtc += JwtDefaults.ClockSkew;
                }

                return Task.CompletedTask;
            },
        };
    }

    private IssuerKeys KeysOf(JwtIssuer issuer)
    {
        var address = issuer.MetadataAddress is { Length: > 0 } given ? given : $"{issuer.Authority!.TrimEnd('/')}/.well-known/openid-configuration";
        var http = new HttpClient { Timeout = TimeSpan.FromSeconds(10), MaxResponseContentBufferSize = 1024 * 1024 };

        // The validator has refused what is not https where it has to be.
        return new IssuerKeys(address, new HttpDocumentRetriever(http) { RequireHttps = new Uri(address).Scheme == Uri.UriSchemeHttps }, time);
    }

    private bool IsInTime(DateTime? notBefore, DateTime? expires, SecurityToken token, TokenValidationParameters parameters)
    {
        var now = time.GetUtcNow().UtcDateTime;
        return expires is { } end && now < end + JwtDefaults.ClockSkew && (notBefore is not { } begin || now >= begin - JwtDefaults.ClockSkew);
    }
}
