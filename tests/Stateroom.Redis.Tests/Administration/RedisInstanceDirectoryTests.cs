using Stateroom.Administration;
using Stateroom.ContractTests;
using Stateroom.Messaging;
using Stateroom.Redis.Tests.Support;
using Xunit;

namespace Stateroom.Redis.Tests.Administration;

public sealed class RedisInstanceDirectoryTests(RedisServer server) : InstanceDirectoryContract, IAsyncDisposable
{
    private readonly RedisInstances _instances = new(() => server.Configuration);

    public ValueTask DisposeAsync() => _instances.DisposeAsync();

    protected override async Task<(ISessionBackplane Backplane, IInstanceDirectory Directory)> StartInstanceAsync()
    {
        var instance = await StartAsync();
        return (instance.Backplane, instance.Instances);
    }

    [Fact]
    public async Task Instances_list_each_other_until_they_stop()
    {
        var (a, b) = (await StartAsync(), await StartAsync());

        Assert.Equal(Ids(a, b), await ListedAsync(a));
        Assert.Equal(Ids(a, b), await ListedAsync(b));
        await b.Backplane.DisposeAsync();
        Assert.Equal(Ids(a), await ListedAsync(a));
    }

    [Fact]
    public async Task One_that_falls_silent_is_listed_until_it_counts_as_dead()
    {
        // Neither beats again while the test runs.
        var silent = await StartAsync(TimeSpan.FromMinutes(2));
        var other = await StartAsync(TimeSpan.FromMinutes(10));

        await _instances.AdvanceAsync(TimeSpan.FromMinutes(1));
        Assert.Equal(Ids(silent, other), await ListedAsync(other));
        await _instances.AdvanceAsync(TimeSpan.FromMinutes(1));
        Assert.Equal(Ids(other), await ListedAsync(other));
    }

    [Fact]
    public async Task What_a_newer_version_says_of_itself_is_read_as_far_as_it_is_known_and_what_cannot_be_read_is_left_out()
    {
        var a = await StartAsync();
        var database = (await a.Connection.GetAsync()).GetDatabase();
        var later = TimeProvider.System.GetUtcNow().AddHours(1).ToUnixTimeMilliseconds();
        await database.SortedSetAddAsync(a.Keys.Instances, """{"id":"newer","host":"h","version":null,"startedAt":"2026-01-01T00:00:00+00:00","load":3}""", later);
        foreach (var unreadable in (string[])["", "\u00ff", "[]", "{}", """{"id":null,"host":"h","version":null,"startedAt":"2026-01-01T00:00:00+00:00"}"""])
        {
            await database.SortedSetAddAsync(a.Keys.Instances, unreadable, later);
        }

        Assert.Equal(((string[])[.. Ids(a), "newer"]).Order(StringComparer.Ordinal), await ListedAsync(a));
    }

    /// <summary>Starts an instance and waits until it stands in the list.</summary>
    private async Task<RedisInstance> StartAsync(TimeSpan? timeout = null)
    {
        var instance = _instances.Add(configure: o => (o.InstanceTimeout, o.HeartbeatInterval) = timeout is { } time ? (time, time / 2) : (o.InstanceTimeout, o.HeartbeatInterval));
        instance.StartBackplane();
        await Eventually.TrueAsync(async () => (await ListedAsync(instance)).Contains(instance.Backplane.InstanceId, StringComparer.Ordinal));
        return instance;
    }

    private static IEnumerable<string> Ids(params IEnumerable<RedisInstance> instances) => instances.Select(i => i.Backplane.InstanceId).Order(StringComparer.Ordinal);

    private static async Task<IEnumerable<string>> ListedAsync(RedisInstance instance) =>
        [.. (await instance.Instances.ListInstancesAsync(Cancel)).Select(i => i.Id).Order(StringComparer.Ordinal)];
}
