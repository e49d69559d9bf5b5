using Microsoft.AspNetCore.DataProtection.KeyManagement;

namespace Stateroom.Redis.KeyRing;

/// <summary>Data Protection's key manager, whose readers can be told to read again: by itself it does so once a day.</summary>
internal sealed class RefreshedKeyManager(IKeyManager inner) : IKeyManager, IDisposable
{
    private CancellationTokenSource _current = new();

    /// <summary>Has the keys read again at their next use.</summary>
    public void Refresh()
    {
        using var old = Interlocked.Exchange(ref _current, new());
        old.Cancel();
    }

    public CancellationToken GetCacheExpirationToken() =>
        CancellationTokenSource.CreateLinkedTokenSource(inner.GetCacheExpirationToken(), Volatile.Read(ref _current).Token).Token;

    public IKey CreateNewKey(DateTimeOffset activationDate, DateTimeOffset expirationDate) => inner.CreateNewKey(activationDate, expirationDate);

    public IReadOnlyCollection<IKey> GetAllKeys() => inner.GetAllKeys();

    public void RevokeAllKeys(DateTimeOffset revocationDate, string? reason = null) => inner.RevokeAllKeys(revocationDate, reason);

    public void RevokeKey(Guid keyId, string? reason = null) => inner.RevokeKey(keyId, reason);

    public void Dispose() => _current.Dispose();
}
