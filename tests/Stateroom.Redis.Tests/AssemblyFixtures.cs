using Stateroom.Redis.Tests.Support;
using Xunit;

[assembly: AssemblyFixture(typeof(RedisServer))]
