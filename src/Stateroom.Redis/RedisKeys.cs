using System.Buffers.Binary;
using System.Buffers.Text;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using StackExchange.Redis;
using Stateroom.Administration;
using Stateroom.Limits;
using Stateroom.Messaging;
using Stateroom.Sessions;
using Stateroom.Tenancy;

namespace Stateroom.Redis;

/// <summary>
/// Builds every key and every channel; docs/redis-keys.md describes them. Names and ids go in as hashes of their length and text, so no text of theirs
/// can reach another key. All keys of a session share a hash tag and so a slot of a cluster.
/// </summary>
internal sealed class RedisKeys(string prefix)
{
    /// <summary>The version of the layout. Versions share nothing: see docs/redis-keys.md before raising it.</summary>
    public const int Version = 1;

    private const int TagBytes = 16;
    private const int MaxInputOnStack = 512;

    private readonly string _root = $"{prefix}:{Version}:";

    /// <summary>The part of a session's keys that stands for the session.</summary>
    public static string Tag(SessionKey session) => Hash('s', session.Tenant.Value, session.Id);

    public RedisKey Session(string tag) => $"{_root}s:{{{tag}}}";

    /// <summary>The tombstone of a session that was ended.</summary>
    public RedisKey Gone(string tag) => $"{_root}x:{{{tag}}}";

    /// <summary>The session's streams and topics.</summary>
    public RedisKey Belongings(string tag) => $"{_root}b:{{{tag}}}";

    public RedisKey Stream(string tag, string stream) => $"{_root}o:{{{tag}}}:{stream}";

    /// <summary>The sessions of an era that count for a tenant. Anonymous callers have rooms of their own, so the credential of a namesake meets none of them.</summary>
    public RedisKey TenantSessions(TenantRooms tenant, SessionEra era) => $"{_root}{(era == SessionEra.Stateless ? 'v' : 't')}:{{{TrafficTag(tenant.Tenant, tenant.IsAnonymous)}}}";

    /// <summary>The same of both eras, <see cref="SessionEra.Handshake"/> first: no session is in both.</summary>
    public RedisKey[] TenantSessions(TenantRooms tenant) => [TenantSessions(tenant, SessionEra.Handshake), TenantSessions(tenant, SessionEra.Stateless)];

    /// <summary>The tenants that have sessions.</summary>
    public RedisKey Tenants => $"{_root}n";

    /// <summary>The same by name, for as long as somebody walks through them: in the slot of <see cref="Tenants"/>, whose whole key is what stands in the braces.</summary>
    public RedisKey TenantsInOrder => $"{_root}m:{{{_root}n}}";

    /// <summary>The sessions that count for an owner or, of anonymous callers, for an address, in the slot of the tenant's.</summary>
    public RedisKey OwnerSessions(TenantRooms tenant, string party) => $"{_root}w:{{{TrafficTag(tenant.Tenant, tenant.IsAnonymous)}}}:{Party(party)}";

    /// <summary>The keys that the limits of a tenant's traffic are kept in share a slot, so that one script checks the tenant's and the owner's.</summary>
    public static string TrafficTag(TenantId tenant, bool anonymous) => Hash(anonymous ? 'a' : 't', tenant.Value);

    /// <summary>The part of an owner's traffic keys that stands for it; empty text stands for the tenant itself.</summary>
    public static string Party(string owner) => Hash('w', owner);

    /// <summary>The token bucket of a tenant or, with a party, of one of its owners.</summary>
    public RedisKey Bucket(string tag, string party) => $"{_root}r:{{{tag}}}:{party}";

    /// <summary>The calls that run, or the streams that are open.</summary>
    public RedisKey Places(string tag, string party, AdmissionPlace place) => $"{_root}{(place == AdmissionPlace.Stream ? 'f' : 'a')}:{{{tag}}}:{party}";

    /// <summary>The sessions of a tenant that want to hear of a topic.</summary>
    public RedisKey TopicSessions(TenantId tenant, Topic topic) => $"{_root}p:{{{Hash('p', tenant.Value, TopicText(topic))}}}";

    /// <summary>The tenants with sessions that want to hear of a topic.</summary>
    public RedisKey TopicTenants(Topic topic) => $"{_root}q:{{{Hash('q', TopicText(topic))}}}";

    /// <summary>The instances that are alive, with what each says of itself.</summary>
    public RedisKey Instances => $"{_root}j";

    /// <summary>Stands while an instance is alive.</summary>
    public RedisKey Instance(string instance) => $"{_root}i:{{{instance}}}";

    /// <summary>Stands while a token that was used must not be used again.</summary>
    public RedisKey UsedToken(TenantId tenant, string token) => $"{_root}u:{{{Hash('u', tenant.Value, token)}}}";

    /// <summary>The keys with which the instances seal what travels through clients.</summary>
    public RedisKey KeyRing => $"{_root}d";

    /// <summary>What every instance hears.</summary>
    public RedisChannel Control => RedisChannel.Literal($"{_root}c");

    /// <summary>What one instance hears.</summary>
    public RedisChannel Answers(string instance) => RedisChannel.Literal($"{_root}c:{instance}");

    /// <summary>A topic as text, which <see cref="ReadTopic"/> reads.</summary>
    public static string TopicText(Topic topic) => $"{(int)topic.Kind}{topic.Uri}";

    public static Topic ReadTopic(string text)
    {
        var kind = (TopicKind)(text[0] - '0');
        return new(kind, kind == TopicKind.Resource ? text[1..] : null);
    }

    /// <summary>128 bits of SHA-256 over the kind and, of each part, its length and its UTF-16: no two lists of parts give the same input.</summary>
    private static string Hash(char kind, params ReadOnlySpan<string> parts)
    {
        var size = 1;
        foreach (var part in parts)
        {
            size += sizeof(int) + (sizeof(char) * part.Length);
        }

        // In one piece: a hash that is fed piece by piece costs several times as much, and every call takes some.
        var input = size <= MaxInputOnStack ? stackalloc byte[MaxInputOnStack] : new byte[size];
        input[0] = (byte)kind;
        var at = 1;
        foreach (var part in parts)
        {
            BinaryPrimitives.WriteInt32LittleEndian(input[at..], part.Length);
            at += sizeof(int);
            MemoryMarshal.AsBytes(part.AsSpan()).CopyTo(input[at..]);
            at += sizeof(char) * part.Length;
        }

        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(input[..size], digest);
        return Base64Url.EncodeToString(digest[..TagBytes]);
    }
}
