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
        var who = new byte[2 + sizeof(ushort) + tenant.Length + sizeof(ushort) + owner.Length];
        (who[0], who[1]) = (Format, flags);
        var rest = who.AsSpan(2);
        Write(tenant, ref rest);
        Write(owner, ref rest);
        return who;

        static void Write(byte[] text, ref Span<byte> rest)
        {
            BinaryPrimitives.WriteUInt16LittleEndian(rest, checked((ushort)text.Length));
            text.CopyTo(rest[sizeof(ushort)..]);
            rest = rest[(sizeof(ushort) + text.Length)..];
        }
    }

    /// <summary>The name of an entry of the state.</summary>
    /// <exception cref="ArgumentException">It takes more than 65,535 bytes.</exception>
    public static byte[] Name(string name) =>
        LosslessText.Encode(name) is { Length: <= ushort.MaxValue } text ? text : throw new ArgumentException("The name of a state takes at most 65,535 bytes.", nameof(name));

    /// <summary>What WriteState.lua is told of a write besides its data.</summary>
    /// <exception cref="ArgumentException">The entry's name takes too many bytes.</exception>
    public static byte[] Terms(StateWrite write, int maxStateBytes)
    {
        var name = Name(write.Name);
        var terms = new byte[(2 * Int48.Size) + 1 + name.Length];
        Int48.Write(terms, write.ExpectedVersion);
        Int48.Write(terms.AsSpan(Int48.Size), maxStateBytes);
        terms[2 * Int48.Size] = write.Data is null ? (byte)0 : (byte)1;
        name.CopyTo(terms, (2 * Int48.Size) + 1);
        return terms;
    }

    /// <summary>Reads whose session it is, and what the client said of itself.</summary>
    /// <param name="session">The session, or as much as there is before its state.</param>
    /// <exception cref="SessionStoreUnavailableException">A newer version of the format holds it.</exception>
    public static (Caller Caller, SessionEra Era, ReadOnlyMemory<byte> Client) ReadHead(ReadOnlyMemory<byte> session)
    {
        var rest = session[SessionTimes.Size..];
        var (format, flags) = (rest.Span[0], rest.Span[1]);
        if (format > Format)
        {
            throw new SessionStoreUnavailableException("A newer version of this program wrote one of the sessions, and this one cannot read it. Finish the update.");
        }

        var tenant = Text(rest[2..], out rest);
        var owner = Text(rest, out rest);
        var caller = (flags & AnonymousFlag) != 0 ? Caller.Anonymous : new Caller(new TenantId(tenant), owner);
        var client = rest.Slice(sizeof(uint), (int)BinaryPrimitives.ReadUInt32LittleEndian(rest.Span));
        return (caller, (flags & StatelessFlag) != 0 ? SessionEra.Stateless : SessionEra.Handshake, client);
    }

    /// <summary>What follows the times in a session that is opened.</summary>
    public static byte[] Body(NewSession session)
    {
        var body = new ArrayBufferWriter<byte>();
        body.Write(Who(session.Caller, session.Era));
        WriteLong(session.Client.Span);
        foreach (var (name, data) in session.State)
        {
            var text = Name(name);
            body.Write(Length(text));
            body.Write(text);
            Int48.Write(body.GetSpan(Int48.Size), 1);
            body.Advance(Int48.Size);
            WriteLong(data.Span);
        }

        return body.WrittenSpan.ToArray();

        void WriteLong(ReadOnlySpan<byte> bytes)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(body.GetSpan(sizeof(uint)), (uint)bytes.Length);
            body.Advance(sizeof(uint));
            body.Write(bytes);
        }
    }

    /// <summary>Reads a session, or as much as there is of it, if it is that caller's.</summary>
    /// <param name="session">The bytes; none if there is no such session.</param>
    /// <param name="who">What <see cref="Who"/> gives.</param>
    public static (SessionTimes Times, ReadOnlyMemory<byte> Client, ImmutableArray<StateEntry> State)? Read(ReadOnlyMemory<byte> session, ReadOnlySpan<byte> who)
    {
        if (session.Length <= SessionTimes.Size || !session.Span[SessionTimes.Size..].StartsWith(who))
        {
            return null;
        }

        var rest = session[(SessionTimes.Size + who.Length)..];
        var client = TakeLong();
        var state = ImmutableArray.CreateBuilder<StateEntry>(initialCapacity: 1);
        while (!rest.IsEmpty)
        {
            var name = LosslessText.Decode(Take(BinaryPrimitives.ReadUInt16LittleEndian(Take(sizeof(ushort)).Span)).Span);
            var version = Int48.Read(Take(Int48.Size).Span);
            state.Add(new(name, version, TakeLong()));
        }

        return (SessionTimes.Read(session.Span), client, state.DrainToImmutable());

        ReadOnlyMemory<byte> TakeLong() => Take((int)BinaryPrimitives.ReadUInt32LittleEndian(Take(sizeof(uint)).Span));

        ReadOnlyMemory<byte> Take(int length)
        {
            var taken = rest[..length];
            rest = rest[length..];
            return taken;
        }
    }

    private static string Text(ReadOnlyMemory<byte> bytes, out ReadOnlyMemory<byte> rest)
    {
        var end = sizeof(ushort) + BinaryPrimitives.ReadUInt16LittleEndian(bytes.Span);
        rest = bytes[end..];
        return LosslessText.Decode(bytes.Span[sizeof(ushort)..end]);
    }

    private static byte[] Length(byte[] text)
    {
        var length = new byte[sizeof(ushort)];
        BinaryPrimitives.WriteUInt16LittleEndian(length, checked((ushort)text.Length));
        return length;
    }
}
