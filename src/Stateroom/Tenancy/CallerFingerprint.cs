using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Stateroom.Tenancy;

/// <summary>What the audit log shows in place of the names of tenants and owners, which others choose and which may be personal.</summary>
/// <remarks>It tells names apart and hides none that can be guessed: a name is no secret.</remarks>
public static class CallerFingerprint
{
    /// <summary>Gives 12 hexadecimal digits for a tenant.</summary>
    /// <param name="tenant">The tenant.</param>
    public static string Of(TenantId tenant) => Of([tenant.Value]);

    /// <summary>Gives 12 hexadecimal digits for an owner; owners of one name in two tenants have different ones.</summary>
    /// <param name="caller">The owner.</param>
    public static string Of(Caller caller)
    {
        ArgumentNullException.ThrowIfNull(caller);
        return Of([caller.Tenant.Value, caller.Owner]);
    }

    /// <summary>Over the length and the UTF-16 of each name, so that no two lists of names are one.</summary>
    internal static string Of(params ReadOnlySpan<string> names)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> length = stackalloc byte[sizeof(int)];
        foreach (var name in names)
        {
            BinaryPrimitives.WriteInt32LittleEndian(length, name.Length);
            hash.AppendData(length);
            hash.AppendData(MemoryMarshal.AsBytes(name.AsSpan()));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset())[..12];
    }
}
