using System.Buffers.Binary;
using Stateroom.Sessions;
using Stateroom.Tenancy;

namespace Stateroom.Redis.Sessions;

/// <summary>The fields of a session's hash, as docs/redis-keys.md describes them and the scripts read them.</summary>
internal static class SessionFields
{
    /// <summary>The format of the fields; the first byte of <see cref="Who(Caller, SessionEra)"/>.</summary>
    public const byte Format = 1;

    public const string WhoName = "w";
    public const string TimesName = "t";
    public const string ClientName = "p";

    private const char StatePrefix = 's';

    private const byte StatelessFlag = 1;
    private const byte AnonymousFlag = 2;

    /// <summary>
    /// Whose session it is: format, flags, tenant and owner. A caller's claim holds if the stored bytes are those that the claim gives, so the tenant is checked
    /// although it is part of the key already.
    /// </summary>
    public static byte[] Who(Caller caller, SessionEra era)
    {
        var tenant = LosslessText.Encode(caller.Tenant.Value);
        var owner = caller.IsAnonymous ? [] : LosslessText.Encode(caller.Owner);
        var flags = (byte)((era == SessionEra.Stateless ? StatelessFlag : 0) | (caller.IsAnonymous ? AnonymousFlag : 0));
        Span<byte> length = stackalloc byte[sizeof(ushort)];
        BinaryPrimitives.WriteUInt16LittleEndian(length, (ushort)tenant.Length);
        return [Format, flags, .. length, .. tenant, .. owner];
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
}
