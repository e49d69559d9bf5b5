using StackExchange.Redis;
using Stateroom.Messaging;
using Stateroom.Sessions;

namespace Stateroom.Redis.Sessions;

/// <summary>What a claim to a session is to the scripts: where the session lies, and who has to own it.</summary>
internal sealed class SessionAddress
{
    public SessionAddress(SessionClaim claim, RedisKeys keys, SessionOptions options)
    {
        Claim = claim;
        Tag = RedisKeys.Tag(claim.Key);
        Who = SessionFields.Who(claim.Caller, claim.Era);
        Terms = (byte[])[.. Milliseconds(options.IdleTimeout), .. Milliseconds(Lifetimes.OpenStream(options)), .. Who];
        Keys = [keys.Session(Tag), keys.Belongings(Tag), keys.Stream(Tag, StreamNames.General)];
    }

    /// <summary>The claim, of a caller who may have called from elsewhere than now.</summary>
    public SessionClaim Claim { get; }

    public string Tag { get; }

    /// <summary>What <see cref="SessionFields.Who"/> gives.</summary>
    public byte[] Who { get; }

    /// <summary>The keys of Session.lua.</summary>
    public RedisKey[] Keys { get; }

    /// <summary>Its argument that is the same for all uses.</summary>
    public RedisValue Terms { get; }

    private static byte[] Milliseconds(TimeSpan span) => Int48.Bytes((long)span.TotalMilliseconds);
}
