using System.Buffers;
using System.Buffers.Binary;
using System.Collections.Immutable;
using Stateroom.Sessions;
using Stateroom.Tenancy;

namespace Stateroom.Redis.Sessions;

/// <summary>The fields of a session, one after the other in one string, as docs/redis-keys.md describes them and the scripts read them.</summary>
internal static class SessionFields
{
    /// <summary>The format of the fields; the first byte of <see cref="Who"/>.</summary>
    public const byte Format = 1;

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

    /// <summary>What follows the times in a session that is opened.</summary>
    public static byte[] Body(NewSession session)
    {
        var body = new ArrayBufferWriter<byte>();
        body.Write(Who(session.Caller, session.Era));
        Write(session.Client.Span);
        foreach (var (name, data) in session.State)
        {
            Write(LosslessText.Encode(name));
            BinaryPrimitives.WriteDoubleLittleEndian(body.GetSpan(sizeof(double)), 1);
            body.Advance(sizeof(double));
            Write(data.Span);
        }

        return body.WrittenSpan.ToArray();

        void Write(ReadOnlySpan<byte> bytes)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(body.GetSpan(sizeof(uint)), (uint)bytes.Length);
            body.Advance(sizeof(uint));
            body.Write(bytes);
        }
    }

    /// <summary>Reads a session, or as much as there is of it, if it is that caller's.</summary>
    /// <param name="session">The bytes; null or none if there is no such session.</param>
    /// <param name="who">What <see cref="Who"/> gives.</param>
    public static (SessionTimes Times, ReadOnlyMemory<byte> Client, ImmutableArray<StateEntry> State)? Read(byte[]? session, ReadOnlySpan<byte> who)
    {
        if (session is not { Length: > SessionTimes.Size } || !session.AsSpan(SessionTimes.Size).StartsWith(who))
        {
            return null;
        }

        var rest = session.AsMemory(SessionTimes.Size + who.Length);
        var client = Take();
        var state = ImmutableArray.CreateBuilder<StateEntry>();
        while (!rest.IsEmpty)
        {
            var name = LosslessText.Decode(Take().ToArray());
            var version = (long)BinaryPrimitives.ReadDoubleLittleEndian(rest.Span);
            rest = rest[sizeof(double)..];
            state.Add(new(name, version, Take()));
        }

        return (SessionTimes.Read(session), client, state.DrainToImmutable());

        ReadOnlyMemory<byte> Take()
        {
            var length = (int)BinaryPrimitives.ReadUInt32LittleEndian(rest.Span);
            var taken = rest.Slice(sizeof(uint), length);
            rest = rest[(sizeof(uint) + length)..];
            return taken;
        }
    }

    private static byte[] Length(byte[] text)
    {
        var length = new byte[sizeof(ushort)];
        BinaryPrimitives.WriteUInt16LittleEndian(length, (ushort)text.Length);
        return length;
    }
}
