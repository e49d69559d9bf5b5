using StackExchange.Redis;

namespace Stateroom.Redis.Connection;

/// <summary>A connection that the application opened and will close.</summary>
internal sealed record GivenConnection(IConnectionMultiplexer Multiplexer);
