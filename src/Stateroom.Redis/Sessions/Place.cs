using StackExchange.Redis;

namespace Stateroom.Redis.Sessions;

/// <summary>The place of a session in a set that is limited.</summary>
/// <param name="Set">The set.</param>
/// <param name="Member">The session's member of it.</param>
/// <param name="Limit">How many members there may be.</param>
/// <param name="TagOf">The tag of the session behind a member.</param>
internal sealed record Place(RedisKey Set, string Member, int Limit, Func<string, string> TagOf);
