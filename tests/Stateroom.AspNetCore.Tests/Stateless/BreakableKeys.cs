using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;

namespace Stateroom.AspNetCore.Tests.Stateless;

/// <summary>Keys in memory, which a test can put out of reach: every use then fails as Data Protection fails.</summary>
internal sealed class BreakableKeys : IDataProtectionProvider
{
    private readonly EphemeralDataProtectionProvider _inner = new();

    public bool Broken { get; set; }

    public IDataProtector CreateProtector(string purpose) => new Protector(this, _inner.CreateProtector(purpose));

    private sealed class Protector(BreakableKeys keys, IDataProtector inner) : IDataProtector
    {
        public IDataProtector CreateProtector(string purpose) => new Protector(keys, inner.CreateProtector(purpose));

        public byte[] Protect(byte[] plaintext) => keys.Broken ? throw new CryptographicException("The key ring cannot be read.") : inner.Protect(plaintext);

        public byte[] Unprotect(byte[] protectedData) => keys.Broken ? throw new CryptographicException("The key ring cannot be read.") : inner.Unprotect(protectedData);
    }
}
