using Stateroom.Administration;
using Stateroom.Limits;
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

    [Theory]
    [InlineData(100)]
    [InlineData(1_000)]
    [InlineData(100_000)]
    public async Task However_large_the_state_is_a_look_up_is_one_command_and_a_write_another(int size)
    {
        var instance = _instances.Add();
        var claim = await OpenAsync(instance);
        var value = new byte[size];
        Random.Shared.NextBytes(value.AsSpan(1));
        var first = await instance.Store.WriteStateAsync(claim, new("a", 0, value), Cancel);
        await instance.Store.TouchAsync(claim, Cancel);
        var counter = CommandCounter.Start(instance);

        var found = (await instance.Store.TouchAsync(claim, Cancel))!.FindState("a");
        Assert.Equal(first.Entry!.Version, found.Version);
        Assert.Equal(value, found.Data.ToArray());
        Assert.Single(counter.Take());

        Assert.Equal(StateWriteStatus.Written, (await instance.Store.WriteStateAsync(claim, new("a", found.Version, value), Cancel)).Status);
        Assert.Single(counter.Take());
        Assert.True(instance.Store.Renewal.IsCompletedSuccessfully);
    }

    [Fact]
    public async Task Opening_and_ending_a_session_cost_what_the_documentation_says()
    {
        var instance = _instances.Add();
        await instance.Store.EndAsync(await OpenAsync(instance), Cancel);
        var counter = CommandCounter.Start(instance);

        var claim = await OpenAsync(instance);
        Assert.Equal(3, counter.Take().Count);

        // The first write of a call without a room, and a caller without a name: no more than that either.
        await instance.Store.CreateAsync(new() { Caller = Alice, Era = SessionEra.Stateless, State = [new("a", Value)] }, Cancel);
        Assert.Equal(3, counter.Take().Count);
        await instance.Store.CreateAsync(new() { Caller = Caller.Anonymous, Era = SessionEra.Handshake }, Cancel);
        Assert.Equal(3, counter.Take().Count);

        await instance.Store.EndAsync(claim, Cancel);
        Assert.Equal(3, counter.Take().Count);
    }

    [Fact]
    public async Task Counting_a_tenant_costs_one_command_and_listing_it_one_for_each_set_and_two_for_each_session()
    {
        var instance = _instances.Add();
        await OpenAsync(instance);
        await instance.Store.CreateAsync(new() { Caller = Alice, Era = SessionEra.Stateless }, Cancel);
        var tenant = TenantRooms.Of(Alice);
        await instance.Directory.CountSessionsAsync(tenant, Cancel);
        await instance.Directory.ListSessionsAsync(new() { Tenant = tenant }, Cancel);
        var counter = CommandCounter.Start(instance);

        await instance.Directory.CountSessionsAsync(tenant, Cancel);
        Assert.Single(counter.Take());

        await instance.Directory.ListSessionsAsync(new() { Tenant = tenant }, Cancel);
        Assert.Equal(2 + (2 * 2), counter.Take().Count);
        await instance.Directory.ListSessionsAsync(new() { Tenant = tenant, Era = SessionEra.Stateless }, Cancel);
        Assert.Equal(1 + (2 * 1), counter.Take().Count);
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

    [Fact]
    public async Task Admitting_a_call_and_looking_its_session_up_are_two_commands_that_wait_for_each_other_not_at_all()
    {
        var instance = _instances.Add();
        var claim = await OpenAsync(instance);
        var request = new AdmissionRequest(Alice) { Messages = 1, Place = AdmissionPlace.Call, Count = 1 };
        (await instance.Admission.AdmitAsync(request, Cancel)).Lease!.Dispose();
        await instance.Admission.Releasing;
        await instance.Store.TouchAsync(claim, Cancel);
        var multiplexer = await instance.Connection.GetAsync();
        var counter = CommandCounter.Start(instance);

        // Both are on their way before the first answer is asked for.
        var sent = multiplexer.OperationCount;
        var admitting = instance.Admission.AdmitAsync(request, Cancel).AsTask();
        var looking = instance.Store.TouchAsync(claim, Cancel).AsTask();
        await Eventually.TrueAsync(() => multiplexer.OperationCount - sent == 2);
        var admission = await admitting;
        Assert.NotNull(await looking);
        Assert.Equal(2, counter.Take().Count);

        // Giving the place back is one more, which nobody waits for.
        admission.Lease!.Dispose();
        await instance.Admission.Releasing;
        Assert.Single(counter.Take());
    }

    [Fact]
    public async Task Refusing_a_flood_is_one_command_until_there_can_be_a_token_again()
    {
        var instance = _instances.Add(limits: new LimitOptions { RequestRatePerOwner = 1, RequestBurstPerOwner = 1 });
        await instance.Admission.AdmitAsync(new(Alice) { Messages = 1 }, Cancel);
        var counter = CommandCounter.Start(instance);
        for (var i = 0; i < 10; i++)
        {
            await instance.Admission.AdmitAsync(new(Alice) { Messages = 1 }, Cancel);
        }

        // As many as there were seconds, and one; a slow machine takes its time for ten.
        Assert.InRange(counter.Take().Count, 1, 9);
    }

    [Fact]
    public async Task Without_limits_nothing_is_asked()
    {
        var limits = new LimitOptions();
        limits.TurnOff();
        var instance = _instances.Add(limits: limits);
        await instance.Store.TouchAsync(new(Alice, SessionId.New(), SessionEra.Handshake), Cancel);
        var counter = CommandCounter.Start(instance);

        var admission = await instance.Admission.AdmitAsync(new(Alice) { Messages = 1, Place = AdmissionPlace.Call, Count = 1 }, Cancel);
        admission.Lease?.Dispose();

        Assert.Empty(counter.Take());
    }

    private static async Task<SessionClaim> OpenAsync(RedisInstance instance)
    {
        var creation = await instance.Store.CreateAsync(new() { Caller = Alice, Era = SessionEra.Handshake }, Cancel);
        return new(Alice, creation.Session!.Key.Id, SessionEra.Handshake);
    }
}
