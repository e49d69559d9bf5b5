using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;

namespace Peers.Floor;

/// <summary>Lets one key in, by its hash, as a principal that is made once.</summary>
internal sealed class ApiKeyHandler(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    public const string Key = nameof(Key);
    private static readonly byte[] Known = SHA256.HashData("Bearer dev-token"u8);
    private static readonly Task<AuthenticateResult> Nobody = Task.FromResult(AuthenticateResult.NoResult());
    private static readonly Task<AuthenticateResult> Caller = Task.FromResult(AuthenticateResult.Success(
        new(new ClaimsPrincipal(new ClaimsIdentity([new("tenant", "dev"), new("sub", "dev")], Key)), Key)));

    protected override Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        var sent = Request.Headers.Authorization.ToString();
        Span<byte> text = stackalloc byte[256], hash = stackalloc byte[SHA256.HashSizeInBytes];
        if (!Encoding.UTF8.TryGetBytes(sent, text, out var length)) return Nobody;
        SHA256.HashData(text[..length], hash);
        return CryptographicOperations.FixedTimeEquals(hash, Known) ? Caller : Nobody;
    }
}
