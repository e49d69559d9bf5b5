using StackExchange.Redis;

namespace Stateroom.Redis.Sessions;

/// <summary>The place of a session in a set that is limited.</summary>
/// <param name="Set">The set.</param>
/// <param name="Member">The session's id, its member of the set.</param>
/// <param name="Limit">How many members there may be.</param>
internal sealed record Place(RedisKey Set, string Member, int Limit);
