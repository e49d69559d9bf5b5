using Stateroom.Messaging;
using Stateroom.Redis.Tests.Support;
using Stateroom.Sessions;
using Stateroom.Tenancy;
using Xunit;

namespace Stateroom.Redis.Tests.Sessions;

/// <summary>How many commands the calls of an instance send.</summary>
public sealed class RoundTripTests(RedisServer server) : IAsyncDisposable
{
    private static readonly Caller Alice = new(new TenantId("acme"), "alice");
    private static readonly byte[] Value = "{}"u8.ToArray();

    private readonly RedisInstances _instances = new(() => server.Configuration);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _instances.DisposeAsync();

    [Fact]
    public async Task A_look_up_is_one_command_and_a_write_another()
    {
        var instance = _instances.Add();
        var claim = await OpenAsync(instance);
        await instance.Store.TouchAsync(claim, Cancel);
        await instance.Store.WriteStateAsync(claim, new("warm", 0, Value), Cancel);
        var counter = CommandCounter.Start(instance);

        await instance.Store.TouchAsync(claim, Cancel);
        Assert.Single(counter.Take());

        await instance.Store.WriteStateAsync(claim, new("a", 0, Value), Cancel);
        Assert.Single(counter.Take());

        var version = (await instance.Store.TouchAsync(claim, Cancel))!.FindState("a").Version;
        await instance.Store.WriteStateAsync(claim, new("a", version, Value), Cancel);
        Assert.Equal(2, counter.Take().Count);

        await instance.Store.TouchAsync(claim with { Id = SessionId.New() }, Cancel);
        await instance.Store.WriteStateAsync(claim, new("a", 99, Value), Cancel);
        Assert.Equal(2, counter.Take().Count);
    }

    [Fact]
    public async Task Opening_and_ending_a_session_cost_what_the_documentation_says()
    {
        var instance = _instances.Add();
        await instance.Store.EndAsync(await OpenAsync(instance), Cancel);
        var counter = CommandCounter.Start(instance);

        var claim = await OpenAsync(instance);
        Assert.Equal(6, counter.Take().Count);

        await instance.Store.EndAsync(claim, Cancel);
        Assert.Equal(3, counter.Take().Count);
    }

    [Fact]
    public async Task A_message_costs_one_command_to_add_and_one_to_read()
    {
        var instance = _instances.Add();
        var session = (await OpenAsync(instance)).Key;
        await instance.Outbox.AppendAsync(session, "s", OutboxItemKind.Begin, Value, Cancel);
        await instance.Outbox.ReadAsync(session, "s", 0, Cancel);
        var counter = CommandCounter.Start(instance);

        await instance.Outbox.AppendAsync(session, "s", OutboxItemKind.Message, Value, Cancel);
        Assert.Single(counter.Take());

        await instance.Outbox.ReadAsync(session, "s", 0, Cancel);
        Assert.Single(counter.Take());
    }

    private static async Task<SessionClaim> OpenAsync(RedisInstance instance)
    {
        var creation = await instance.Store.CreateAsync(new() { Caller = Alice, Era = SessionEra.Handshake }, Cancel);
        return new(Alice, creation.Session!.Key.Id, SessionEra.Handshake);
    }
}
