using StackExchange.Redis;
using Stateroom.Redis.Scripts;
using Stateroom.Redis.Sessions;
using Stateroom.Redis.Tests.Support;
using Xunit;

namespace Stateroom.Redis.Tests.Sessions;

/// <summary>The time that instances share.</summary>
public sealed class RedisSharedClockTests(RedisServer server) : IAsyncDisposable
{
    private static readonly TimeSpan Tolerance = TimeSpan.FromSeconds(1);

    private readonly RedisInstances _instances = new(() => server.Configuration);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _instances.DisposeAsync();

    [Fact]
    public async Task It_is_the_servers_and_costs_no_command_once_an_answer_has_told_it()
    {
        var instance = _instances.Add();
        var clock = new RedisSharedClock(instance.Runner);
        var first = await clock.GetUtcNowAsync(Cancel);
        var counter = CommandCounter.Start(instance);

        var second = await clock.GetUtcNowAsync(Cancel);

        Assert.Empty(counter.Take());
        Assert.True(second >= first);
        var parts = (RedisResult[])(await (await instance.Connection.GetAsync()).GetDatabase().ExecuteAsync("TIME"))!;
        Assert.InRange(ScriptReply.Moment(((long)parts[0] * 1000) + ((long)parts[1] / 1000)), first - Tolerance, second + Tolerance);
    }
}
