using System.Buffers.Binary;
using Stateroom.Sessions;
using Stateroom.Tenancy;

namespace Stateroom.Redis.Sessions;

/// <summary>The fields of a session's hash, as docs/redis-keys.md describes them and the scripts read them.</summary>
internal static class SessionFields
{
    /// <summary>The format of the fields; the first byte of <see cref="Who"/>.</summary>
    public const byte Format = 1;

    /// <summary>The field of the head: <see cref="SessionTimes"/>, then who, then what the client said of itself.</summary>
    public const string HeadName = "h";

    private const char StatePrefix = 's';

    private const byte StatelessFlag = 1;
    private const byte AnonymousFlag = 2;

    /// <summary>
    /// Whose session it is: format, flags, tenant and owner. A caller's claim holds if the stored bytes begin with those that the claim gives, so the tenant is checked
    /// although it is part of the key already. Each text stands after its length: none of these is the beginning of another.
    /// </summary>
    public static byte[] Who(Caller caller, SessionEra era)
    {
        var tenant = LosslessText.Encode(caller.Tenant.Value);
        var owner = caller.IsAnonymous ? [] : LosslessText.Encode(caller.Owner);
        var flags = (byte)((era == SessionEra.Stateless ? StatelessFlag : 0) | (caller.IsAnonymous ? AnonymousFlag : 0));
        return [Format, flags, .. Length(tenant), .. tenant, .. Length(owner), .. owner];
    }

    /// <summary>Reads a head, if it is one of that caller's.</summary>
    /// <param name="head">The field; null if there is none.</param>
    /// <param name="who">What <see cref="Who"/> gives.</param>
    public static (SessionTimes Times, ReadOnlyMemory<byte> Client)? ReadHead(byte[]? head, ReadOnlySpan<byte> who) =>
        head is not null && head.AsSpan(SessionTimes.Size).StartsWith(who)
            ? (SessionTimes.Read(head), head.AsMemory(SessionTimes.Size + who.Length))
            : null;

    /// <summary>Reads whose session it is, and what the client said of itself.</summary>
    /// <param name="rest">The head behind its times.</param>
    /// <exception cref="SessionStoreUnavailableException">A newer version of the format holds it.</exception>
    public static (Caller Caller, SessionEra Era, ReadOnlyMemory<byte> Client) ReadWho(ReadOnlyMemory<byte> rest)
    {
        var (format, flags) = (rest.Span[0], rest.Span[1]);
        if (format > Format)
        {
            throw new SessionStoreUnavailableException("A newer version of this program wrote one of the sessions, and this one cannot read it. Finish the update.");
        }

        var tenant = Text(rest[2..], out rest);
        var owner = Text(rest, out rest);
        var caller = (flags & AnonymousFlag) != 0 ? Caller.Anonymous : new Caller(new TenantId(tenant), owner);
        return (caller, (flags & StatelessFlag) != 0 ? SessionEra.Stateless : SessionEra.Handshake, rest);
    }

    /// <summary>The field of an entry of the state.</summary>
    public static byte[] State(string name) => [(byte)StatePrefix, .. LosslessText.Encode(name)];

    /// <summary>The value of an entry of the state.</summary>
    public static byte[] Entry(double version, ReadOnlySpan<byte> data)
    {
        var value = new byte[sizeof(double) + data.Length];
        BinaryPrimitives.WriteDoubleLittleEndian(value, version);
        data.CopyTo(value.AsSpan(sizeof(double)));
        return value;
    }

    /// <summary>Reads an entry of the state, if a field is one.</summary>
    public static StateEntry? ReadEntry(byte[] field, byte[] value) => field is [(byte)StatePrefix, .. var name]
        ? new(LosslessText.Decode(name), (long)BinaryPrimitives.ReadDoubleLittleEndian(value), value.AsMemory(sizeof(double)))
        : null;

    private static string Text(ReadOnlyMemory<byte> bytes, out ReadOnlyMemory<byte> rest)
    {
        var end = sizeof(ushort) + BinaryPrimitives.ReadUInt16LittleEndian(bytes.Span);
        rest = bytes[end..];
        return LosslessText.Decode(bytes.Span[sizeof(ushort)..end]);
    }

    private static byte[] Length(byte[] text)
    {
        var length = new byte[sizeof(ushort)];
        BinaryPrimitives.WriteUInt16LittleEndian(length, (ushort)text.Length);
        return length;
    }
}
