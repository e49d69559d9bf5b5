using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Stateroom.Diagnostics;
using Stateroom.Messaging;
using Stateroom.Sessions;

namespace Stateroom.Encryption;

/// <summary>
/// Encrypts content for its place and opens it there. What cannot be opened for good (its key is missing or revoked, it was altered or comes from elsewhere) is
/// unreadable, an outcome like any other; keys that cannot be reached at the moment are an outage.
/// </summary>
internal sealed class ContentProtector
{
    private readonly EncryptionOptions _options;
    private readonly IDataProtector? _root;
    private readonly ILogger _logger;

    public ContentProtector(IOptions<EncryptionOptions> options, ILogger<ContentProtector> logger, IDataProtectionProvider? provider = null)
    {
        _options = options.Value;
        _root = provider?.CreateProtector("Stateroom.AtRest.v1");
        _logger = logger;
    }

    /// <summary>Gives content as it is to be stored: encrypted, if the options say so.</summary>
    /// <param name="content">The content; empty content stays empty.</param>
    /// <param name="place">Where it will lie.</param>
    /// <param name="isMessage">Whether it is a JSON-RPC message, of which an outbox needs to know whether somebody waits for it.</param>
    /// <exception cref="SessionStoreUnavailableException">There is no key at the moment; nothing is stored in plain text instead.</exception>
    public ReadOnlyMemory<byte> Seal(ReadOnlyMemory<byte> content, in Place place, bool isMessage = false)
    {
        if (!_options.EncryptAtRest || content.IsEmpty)
        {
            return content;
        }

        try
        {
            var ciphertext = _root!.CreateProtector(place.Purposes).Protect(content.ToArray());
            return SealedContent.Write(content.Length, isMessage && JsonRpcShape.IsAwaited(content.Span), ciphertext);
        }
        catch (CryptographicException exception)
        {
            throw Unavailable(exception);
        }
    }

    /// <summary>Whether what was stored is read as it is: it was never encrypted, and need not be.</summary>
    public bool IsPlain(ReadOnlyMemory<byte> stored) => !SealedContent.IsSealed(stored.Span) && (!_options.RefuseUnencrypted || stored.IsEmpty);

    /// <summary>Opens what was stored.</summary>
    /// <param name="stored">What the store holds.</param>
    /// <param name="place">Where it lies.</param>
    /// <param name="tell">Whether it is logged that it is unreadable; not for the second of many of one place.</param>
    /// <returns>The content; null if it is unreadable.</returns>
    /// <exception cref="SessionStoreUnavailableException">The keys cannot be reached at the moment, or a newer version of the program wrote it.</exception>
    public ReadOnlyMemory<byte>? Open(ReadOnlyMemory<byte> stored, in Place place, bool tell = true)
    {
        if (IsPlain(stored))
        {
            return stored;
        }

        if (!SealedContent.IsSealed(stored.Span))
        {
            return Unreadable(null, place, tell);
        }

        if (SealedContent.IsNewer(stored.Span))
        {
            throw new SessionStoreUnavailableException("A newer version of this program encrypted the session, and this one cannot read it. Finish the update.");
        }

        if (_root is null)
        {
            return Unreadable(null, place, tell);
        }

        try
        {
            var content = _root.CreateProtector(place.Purposes).Unprotect(stored[SealedContent.HeaderSize..].ToArray());
            return content.Length == SealedContent.SizeOf(stored.Span) ? content : Unreadable(null, place, tell);
        }
        catch (CryptographicException exception)
        {
            return IsOutage(exception) ? throw Unavailable(exception) : Unreadable(exception, place, tell);
        }
    }

    private ReadOnlyMemory<byte>? Unreadable(CryptographicException? exception, in Place place, bool tell)
    {
        if (tell)
        {
            Log.ContentUnreadable(_logger, place.Kind, SessionFingerprint.Of(place.Session.Id), exception);
        }

        return null;
    }

    private static SessionStoreUnavailableException Unavailable(CryptographicException exception) =>
        new("The keys of Data Protection cannot be used at the moment; try again shortly.", exception);

    /// <summary>Data Protection turns every failure into one exception; why it failed stands within.</summary>
    private static bool IsOutage(Exception? exception)
    {
        for (; exception is not null; exception = exception.InnerException)
        {
            if (exception is SessionStoreUnavailableException or IOException or UnauthorizedAccessException or TimeoutException)
            {
                return true;
            }
        }

        return false;
    }
}
