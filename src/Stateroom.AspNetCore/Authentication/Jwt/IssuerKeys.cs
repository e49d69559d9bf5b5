using System.Diagnostics.CodeAnalysis;
using Microsoft.IdentityModel.Protocols;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;

namespace Stateroom.AspNetCore.Authentication.Jwt;

/// <summary>
/// The keys that an issuer publishes. A token that names a key which is not known waits while it is looked up; the library's own manager does that in the background
/// and refuses the token meanwhile, so that clients with good tokens would be turned away whenever keys are rotated.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "A semaphore whose wait handle nobody takes holds nothing to dispose of.")]
internal sealed class IssuerKeys(string metadataAddress, IDocumentRetriever documents, TimeProvider time) : IConfigurationManager<OpenIdConnectConfiguration>
{
    /// <summary>How long keys serve before they are looked at again, so that one that was withdrawn serves no longer.</summary>
    public static readonly TimeSpan MaxAge = TimeSpan.FromHours(1);

    /// <summary>How often keys that are not known are looked up, whatever strangers send.</summary>
    public static readonly TimeSpan MinInterval = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(5);

    private readonly SemaphoreSlim _turn = new(1, 1);
    private volatile OpenIdConnectConfiguration? _current;
    private DateTimeOffset _fetched = DateTimeOffset.MinValue;
    private DateTimeOffset _lookedUp = DateTimeOffset.MinValue;
    private DateTimeOffset _failed = DateTimeOffset.MinValue;

    /// <summary>The keys as they are known; fetched where they are not, or are old.</summary>
    /// <exception cref="InvalidOperationException">They were never to be had. Old ones serve on while new ones cannot be.</exception>
    public async Task<OpenIdConnectConfiguration> GetConfigurationAsync(CancellationToken cancel)
    {
        if (_current is { } known && Since(_fetched) < MaxAge)
        {
            return known;
        }

        await _turn.WaitAsync(cancel);
        try
        {
            if ((_current is null || Since(_fetched) >= MaxAge) && Since(_failed) >= RetryAfter)
            {
                await FetchAsync();
            }
        }
        finally
        {
            _turn.Release();
        }

        return _current ?? throw new InvalidOperationException("The issuer's keys cannot be had.");
    }

    /// <summary>Looks a key up that a token names, if it is not known.</summary>
    public async Task LookUpAsync(string keyId, CancellationToken cancel)
    {
        if (Knows(keyId) || _current is null)
        {
            return;
        }

        await _turn.WaitAsync(cancel);
        try
        {
            if (!Knows(keyId) && Since(_lookedUp) >= MinInterval)
            {
                _lookedUp = time.GetUtcNow();
                await FetchAsync();
            }
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Does nothing: a key that is not known was looked up before.</summary>
    public void RequestRefresh()
    {
    }

    private bool Knows(string keyId) => _current?.SigningKeys.Any(key => key.KeyId == keyId) is true;

    private TimeSpan Since(DateTimeOffset then) => time.GetUtcNow() - then;

    private async Task FetchAsync()
    {
        try
        {
            // For all who wait, so not given up with the one request that came first; the client has a timeout of its own.
            _current = await OpenIdConnectConfigurationRetriever.GetAsync(metadataAddress, documents, CancellationToken.None);
            _fetched = time.GetUtcNow();
        }
#pragma warning disable CA1031 // Whatever an issuer answers in place of its keys: there are none.
        catch (Exception)
#pragma warning restore CA1031
        {
            _failed = time.GetUtcNow();
        }
    }
}
