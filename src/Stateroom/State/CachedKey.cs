using System.Buffers.Text;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Stateroom.Sessions;

namespace Stateroom.State;

/// <summary>A key under which a session has something in the cache.</summary>
/// <param name="entry">What the entry is called in the cache. Made once, as it takes longer than to find the entry.</param>
internal sealed class CachedKey(string entry)
{
    // The number is the version of the name's form; a distributed cache may hold entries of another version of the program.
    private const string Prefix = "stateroom:2:";

    private volatile bool _isGone;

    /// <summary>What the entry is called in the cache.</summary>
    public string Entry => entry;

    /// <summary>When it is forgotten, by the ticks of a <see cref="SessionClock"/>.</summary>
    public long Expires { get; set; }

    /// <summary>Whether the session has it no longer: it was removed, it ran out or it made room, or the session ended.</summary>
    public bool IsGone => _isGone;

    public void Forget() => _isGone = true;

    /// <summary>A hash, so that neither the length nor the characters of a name matter, and no id of a session is found in a cache.</summary>
    public static string EntryOf(SessionKey session, string key)
    {
        // With the lengths in front, no two of them run into the same text.
        Span<char> room = stackalloc char[256];
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        ReadOnlySpan<char> text = room.TryWrite(CultureInfo.InvariantCulture, $"{session.Tenant.Value.Length}:{session.Id.Length}:{session.Tenant.Value}{session.Id}{key}", out var length)
            ? room[..length]
            : string.Create(CultureInfo.InvariantCulture, $"{session.Tenant.Value.Length}:{session.Id.Length}:{session.Tenant.Value}{session.Id}{key}");
        SHA256.HashData(MemoryMarshal.AsBytes(text), hash);
        return string.Concat(Prefix, Base64Url.EncodeToString(hash[..16]));
    }
}
