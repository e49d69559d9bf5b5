using StackExchange.Redis;
using Stateroom.Messaging;
using Stateroom.Sessions;

namespace Stateroom.Redis.Sessions;

/// <summary>What a claim to a session is to the scripts: where the session lies, and who has to own it.</summary>
internal sealed class SessionAddress
{
    public SessionAddress(SessionClaim claim, RedisKeys keys)
    {
        Claim = claim;
        Tag = RedisKeys.Tag(claim.Key);
        Who = SessionFields.Who(claim.Caller, claim.Era);
        Keys = [keys.Session(Tag), keys.Belongings(Tag), keys.Stream(Tag, StreamNames.General)];
    }

    /// <summary>The claim, of a caller who may have called from elsewhere than now.</summary>
    public SessionClaim Claim { get; }

    public string Tag { get; }

    /// <summary>What <see cref="SessionFields.Who"/> gives.</summary>
    public byte[] Who { get; }

    /// <summary>The keys of Session.lua.</summary>
    public RedisKey[] Keys { get; }
}
