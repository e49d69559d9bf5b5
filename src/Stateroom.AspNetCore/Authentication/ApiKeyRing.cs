using System.Security.Cryptography;
using Microsoft.Extensions.Options;

namespace Stateroom.AspNetCore.Authentication;

/// <summary>The keys that are let in, as hashes, made once.</summary>
internal sealed class ApiKeyRing
{
    private readonly (byte[] Hash, ApiKeyEntry Entry)[] _keys;

    public ApiKeyRing(IOptionsMonitor<ApiKeyOptions> options)
    {
        var keys = options.Get(ApiKeyDefaults.AuthenticationScheme).Keys;
        _keys = [.. keys.Select(entry => (entry.KeyHash is { Length: > 0 } hash ? ApiKeyHash.Parse(hash)! : ApiKeyHash.OfKey(entry.Key), entry))];
    }

    /// <summary>Finds whom a key stands for. Takes the same time whichever key it is, and whether it is one at all.</summary>
    public ApiKeyEntry? Find(ReadOnlySpan<char> key)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        ApiKeyHash.OfKey(key, hash);
        ApiKeyEntry? found = null;
        foreach (var (known, entry) in _keys)
        {
            if (CryptographicOperations.FixedTimeEquals(known, hash))
            {
                found = entry;
            }
        }

        return found;
    }
}
