using System.Text;
using Stateroom.Limits;
using Stateroom.Sessions;
using Stateroom.Tenancy;
using Xunit;

namespace Stateroom.ContractTests;

/// <summary>What every session store holds. A backend's tests inherit this and say how to make a store and how to let its time pass.</summary>
public abstract class SessionStoreContract
{
    protected static readonly Caller Alice = new(new TenantId("acme"), "alice");
    protected static readonly Caller Bob = new(new TenantId("acme"), "bob");
    protected static readonly Caller GlobexAlice = new(new TenantId("globex"), "alice");

    protected static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>Small limits: 5 sessions a tenant, 3 an owner, 1,024 bytes of state, 10 minutes idle.</summary>
    protected static SessionOptions SmallLimits => new()
    {
        IdleTimeout = TimeSpan.FromMinutes(10),
        MaxSessionsPerTenant = 5,
        MaxSessionsPerOwner = 3,
        MaxStateBytes = 1024,
    };

    /// <summary>Makes an empty store.</summary>
    protected abstract ISessionStore CreateStore(SessionOptions options, LimitOptions? limits = null);

    /// <summary>Lets the store's time pass.</summary>
    protected abstract Task AdvanceAsync(TimeSpan time);

    protected static NewSession New(Caller caller, SessionEra era = SessionEra.Handshake) => new() { Caller = caller, Era = era };

    protected static ReadOnlyMemory<byte> Json(string json) => Encoding.UTF8.GetBytes(json);

    protected static string Text(ReadOnlyMemory<byte> json) => Encoding.UTF8.GetString(json.Span);

    protected static async Task<SessionClaim> OpenAsync(ISessionStore store, NewSession session)
    {
        var creation = await store.CreateAsync(session, Cancel);
        Assert.Equal(SessionCreationStatus.Created, creation.Status);
        return new SessionClaim(session.Caller, creation.Session!.Key.Id, session.Era);
    }

    protected static Task<SessionClaim> OpenAsync(ISessionStore store, Caller caller) => OpenAsync(store, New(caller));

    private static async Task<StateEntry> WriteAsync(ISessionStore store, SessionClaim claim, string name, long version, string? json)
    {
        var result = await store.WriteStateAsync(claim, json is null ? StateWrite.Remove(name, version) : new(name, version, Json(json)), Cancel);
        Assert.Equal(StateWriteStatus.Written, result.Status);
        return result.Entry!;
    }

    [Fact]
    public async Task A_session_is_found_as_it_was_opened()
    {
        var store = CreateStore(SmallLimits);
        var claim = await OpenAsync(store, New(Alice) with { Client = Json("""{"name":"x"}"""), State = [new("a", Json("1")), new("b", Json("2"))] });

        var found = await store.TouchAsync(claim, Cancel);

        Assert.NotNull(found);
        Assert.Equal(new SessionKey(Alice.Tenant, claim.Id), found.Key);
        Assert.Equal("alice", found.Owner);
        Assert.Equal(SessionEra.Handshake, found.Era);
        Assert.Equal("""{"name":"x"}""", Text(found.Client));
        Assert.Equal("1", Text(found.FindState("a").Data));
        Assert.Equal("2", Text(found.FindState("b").Data));
        Assert.True(found.FindState("a").Version > 0);
        Assert.False(found.FindState("c").Exists);
    }

    [Fact]
    public async Task A_session_whose_client_says_too_much_of_itself_is_not_opened()
    {
        var options = SmallLimits;
        options.MaxClientBytes = 2000;
        var store = CreateStore(options);

        var refused = await store.CreateAsync(New(Alice) with { Client = new byte[2001] }, Cancel);

        Assert.Equal(new SessionCreation(SessionCreationStatus.ClientTooLarge, Maximum: 2000), refused);
        Assert.Empty(await store.ListAsync(Alice, SessionEra.Handshake, Cancel));
        await OpenAsync(store, New(Alice) with { Client = new byte[2000] });
        Assert.Equal(SessionCreationStatus.StateTooLarge, (await store.CreateAsync(New(Alice) with { Client = new byte[2001], State = [new("a", new byte[2000])] }, Cancel)).Status);
    }

    [Fact]
    public async Task What_the_opener_does_with_its_buffers_later_changes_nothing()
    {
        var store = CreateStore(SmallLimits);
        var (client, initial, written) = ("client"u8.ToArray(), "1111"u8.ToArray(), "2222"u8.ToArray());
        var claim = await OpenAsync(store, New(Alice) with { Client = client, State = [new("a", initial)] });
        await store.WriteStateAsync(claim, new("b", 0, written), Cancel);
        client.AsSpan().Clear();
        initial.AsSpan().Clear();
        written.AsSpan().Clear();

        var found = await store.TouchAsync(claim, Cancel);

        Assert.Equal("client", Text(found!.Client));
        Assert.Equal("1111", Text(found.FindState("a").Data));
        Assert.Equal("2222", Text(found.FindState("b").Data));
    }

    public static TheoryData<string, string, bool, SessionEra> Strangers => new()
    {
        { "acme", "bob", false, SessionEra.Handshake },
        { "acme", "Alice", false, SessionEra.Handshake },
        { "globex", "alice", false, SessionEra.Handshake },
        { "acme", "alice", false, SessionEra.Stateless },
        { "anonymous", "anonymous", true, SessionEra.Handshake },
    };

    [Theory]
    [MemberData(nameof(Strangers))]
    public async Task A_stranger_is_answered_as_if_the_session_never_was(string tenant, string owner, bool anonymous, SessionEra era)
    {
        var store = CreateStore(SmallLimits);
        var claim = await OpenAsync(store, New(Alice) with { State = [new("a", Json("1"))] });
        var stranger = new SessionClaim(anonymous ? Caller.Anonymous : new(new(tenant), owner), claim.Id, era);

        Assert.Null(await store.TouchAsync(stranger, Cancel));
        Assert.Equal(
            await store.WriteStateAsync(stranger with { Id = SessionId.New() }, new("a", 1, Json("2")), Cancel),
            await store.WriteStateAsync(stranger, new("a", 1, Json("2")), Cancel));
        Assert.False(await store.EndAsync(stranger, Cancel));

        Assert.Equal("1", Text((await store.TouchAsync(claim, Cancel))!.FindState("a").Data));
    }

    [Fact]
    public async Task A_credential_that_uses_the_names_of_the_anonymous_caller_is_somebody_else()
    {
        var store = CreateStore(SmallLimits);
        var namesake = new Caller(Caller.Anonymous.Tenant, Caller.Anonymous.Owner);
        var anonymous = await OpenAsync(store, Caller.Anonymous);
        var named = await OpenAsync(store, namesake);

        Assert.Null(await store.TouchAsync(anonymous with { Caller = namesake }, Cancel));
        Assert.Null(await store.TouchAsync(named with { Caller = Caller.Anonymous }, Cancel));
        Assert.False(await store.EndAsync(anonymous with { Caller = namesake }, Cancel));
        Assert.False(await store.EndAsync(named with { Caller = Caller.Anonymous }, Cancel));
        Assert.NotNull(await store.TouchAsync(anonymous, Cancel));
        Assert.NotNull(await store.TouchAsync(named, Cancel));
        Assert.Single(await store.ListAsync(namesake, SessionEra.Handshake, Cancel));
    }

    [Fact]
    public async Task A_stranger_slides_no_deadline()
    {
        var store = CreateStore(SmallLimits);
        var claim = await OpenAsync(store, Alice);
        await AdvanceAsync(TimeSpan.FromMinutes(6));

        await store.TouchAsync(claim with { Caller = Bob }, Cancel);
        await store.TouchAsync(claim with { Era = SessionEra.Stateless }, Cancel);
        await store.WriteStateAsync(claim with { Caller = Bob }, new("a", 0, Json("1")), Cancel);
        await store.ListAsync(Alice, SessionEra.Handshake, Cancel);
        await AdvanceAsync(TimeSpan.FromMinutes(4));

        Assert.Null(await store.TouchAsync(claim, Cancel));
    }

    [Fact]
    public async Task A_refused_write_slides_no_deadline()
    {
        var store = CreateStore(SmallLimits);
        var claim = await OpenAsync(store, Alice);
        await AdvanceAsync(TimeSpan.FromMinutes(6));

        Assert.Equal(StateWriteStatus.Conflict, (await store.WriteStateAsync(claim, new("a", 7, Json("1")), Cancel)).Status);
        Assert.Equal(StateWriteStatus.TooLarge, (await store.WriteStateAsync(claim, new("a", 0, new byte[1025]), Cancel)).Status);
        await AdvanceAsync(TimeSpan.FromMinutes(4));

        Assert.Null(await store.TouchAsync(claim, Cancel));
    }

    [Fact]
    public async Task Anonymous_sessions_and_those_of_a_tenant_of_that_name_count_apart()
    {
        var store = CreateStore(SmallLimits);
        for (var i = 0; i < 5; i++)
        {
            await OpenAsync(store, Caller.Anonymous);
        }

        await OpenAsync(store, new Caller(Caller.Anonymous.Tenant, Caller.Anonymous.Owner));
        Assert.Equal(SessionCreationStatus.TenantLimitReached, (await store.CreateAsync(New(Caller.Anonymous), Cancel)).Status);
    }

    [Fact]
    public async Task Touching_and_writing_slide_the_deadline()
    {
        var store = CreateStore(SmallLimits);
        var claim = await OpenAsync(store, Alice);
        await AdvanceAsync(TimeSpan.FromMinutes(9));
        var touched = await store.TouchAsync(claim, Cancel);
        await AdvanceAsync(TimeSpan.FromMinutes(9));
        await WriteAsync(store, claim, "a", 0, "1");
        await AdvanceAsync(TimeSpan.FromMinutes(9));

        var found = await store.TouchAsync(claim, Cancel);
        Assert.NotNull(found);
        Assert.True(found.LastActiveAt - touched!.LastActiveAt >= TimeSpan.FromMinutes(17));
        Assert.Equal(touched.CreatedAt, found.CreatedAt);
    }

    [Fact]
    public async Task A_session_is_over_for_everybody_when_it_was_idle_for_long_enough()
    {
        var store = CreateStore(SmallLimits);
        var claim = await OpenAsync(store, Alice);
        await AdvanceAsync(SmallLimits.IdleTimeout);

        Assert.Empty(await store.ListAsync(Alice, SessionEra.Handshake, Cancel));
        Assert.Equal(StateWriteStatus.NotFound, (await store.WriteStateAsync(claim, new("a", 0, Json("1")), Cancel)).Status);
        Assert.False(await store.EndAsync(claim, Cancel));
        Assert.Null(await store.TouchAsync(claim, Cancel));
    }

    [Fact]
    public async Task An_active_session_lives_on()
    {
        var store = CreateStore(SmallLimits);
        var claim = await OpenAsync(store, Alice);
        for (var i = 0; i < 20; i++)
        {
            await AdvanceAsync(TimeSpan.FromMinutes(9));
            Assert.NotNull(await store.TouchAsync(claim, Cancel));
        }
    }

    [Fact]
    public async Task An_absolute_lifetime_ends_an_active_session()
    {
        var options = SmallLimits;
        options.AbsoluteLifetime = TimeSpan.FromMinutes(25);
        var store = CreateStore(options);
        var claim = await OpenAsync(store, Alice);
        await AdvanceAsync(TimeSpan.FromMinutes(9));
        Assert.NotNull(await store.TouchAsync(claim, Cancel));
        await AdvanceAsync(TimeSpan.FromMinutes(9));
        Assert.NotNull(await store.TouchAsync(claim, Cancel));
        await AdvanceAsync(TimeSpan.FromMinutes(7));

        Assert.Null(await store.TouchAsync(claim, Cancel));
    }

    [Fact]
    public async Task The_session_over_an_owners_limit_is_refused_and_nobody_else_is_concerned()
    {
        var store = CreateStore(SmallLimits);
        var first = await OpenAsync(store, Alice);
        await OpenAsync(store, Alice);
        await OpenAsync(store, New(Alice, SessionEra.Stateless));

        Assert.Equal(SessionCreationStatus.OwnerLimitReached, (await store.CreateAsync(New(Alice), Cancel)).Status);
        await OpenAsync(store, Bob);
        await OpenAsync(store, GlobexAlice);

        Assert.True(await store.EndAsync(first, Cancel));
        await OpenAsync(store, Alice);
        Assert.Equal(SessionCreationStatus.OwnerLimitReached, (await store.CreateAsync(New(Alice), Cancel)).Status);
    }

    [Fact]
    public async Task A_tenants_own_limits_are_in_force_for_it_alone()
    {
        var limits = new LimitOptions();
        limits.Tenants.Add(new() { Tenant = GlobexAlice.Tenant.Value, MaxSessionsPerTenant = 2, MaxSessionsPerOwner = 1, MaxStateBytes = 2048 });
        var store = CreateStore(SmallLimits, limits);
        var claim = await OpenAsync(store, GlobexAlice);

        Assert.Equal(new SessionCreation(SessionCreationStatus.OwnerLimitReached, Maximum: 1), await store.CreateAsync(New(GlobexAlice), Cancel));
        await OpenAsync(store, new Caller(GlobexAlice.Tenant, "bob"));
        Assert.Equal(new SessionCreation(SessionCreationStatus.TenantLimitReached, Maximum: 2), await store.CreateAsync(New(new(GlobexAlice.Tenant, "carol")), Cancel));
        Assert.Equal(StateWriteStatus.Written, (await store.WriteStateAsync(claim, new("a", 0, new byte[2048]), Cancel)).Status);
        Assert.Equal(2048, (await store.WriteStateAsync(claim, new("b", 0, new byte[1]), Cancel)).MaxStateBytes);
        Assert.Equal(new SessionCreation(SessionCreationStatus.StateTooLarge, Maximum: 1024), await store.CreateAsync(New(Alice) with { State = [new("a", new byte[1025])] }, Cancel));
        for (var i = 0; i < 3; i++)
        {
            await OpenAsync(store, Alice);
        }

        Assert.Equal(new SessionCreation(SessionCreationStatus.OwnerLimitReached, Maximum: 3), await store.CreateAsync(New(Alice), Cancel));
    }

    [Fact]
    public async Task The_session_over_a_tenants_limit_is_refused_and_none_is_evicted()
    {
        var store = CreateStore(SmallLimits);
        List<SessionClaim> open = [];
        for (var i = 0; i < 5; i++)
        {
            open.Add(await OpenAsync(store, i < 3 ? Alice : Bob));
        }

        Assert.Equal(new SessionCreation(SessionCreationStatus.TenantLimitReached, Maximum: 5), await store.CreateAsync(New(Bob), Cancel));
        await OpenAsync(store, GlobexAlice);
        foreach (var claim in open)
        {
            Assert.NotNull(await store.TouchAsync(claim, Cancel));
        }
    }

    [Theory]
    [InlineData(SessionEra.Handshake)]
    [InlineData(SessionEra.Stateless)]
    public async Task A_tenants_limit_holds_for_the_sessions_of_both_eras_together(SessionEra era)
    {
        var other = era == SessionEra.Handshake ? SessionEra.Stateless : SessionEra.Handshake;
        var store = CreateStore(SmallLimits);
        var first = await OpenAsync(store, New(Alice, era));
        for (var i = 0; i < 4; i++)
        {
            await OpenAsync(store, New(i < 2 ? Alice : Bob, other));
        }

        await FullAsync();
        Assert.True(await store.EndAsync(first, Cancel));
        var second = await OpenAsync(store, New(Bob, other));
        await FullAsync();
        Assert.True(await store.EndAsync(second, Cancel));
        await OpenAsync(store, New(Alice, era));
        await FullAsync();
        await OpenAsync(store, New(GlobexAlice, era));

        async Task FullAsync()
        {
            Assert.Equal(new SessionCreation(SessionCreationStatus.TenantLimitReached, Maximum: 5), await store.CreateAsync(New(Bob, era), Cancel));
            Assert.Equal(new SessionCreation(SessionCreationStatus.TenantLimitReached, Maximum: 5), await store.CreateAsync(New(Bob, other), Cancel));
        }
    }

    [Theory]
    [InlineData(SessionEra.Handshake, SessionEra.Handshake)]
    [InlineData(SessionEra.Handshake, SessionEra.Stateless)]
    [InlineData(SessionEra.Stateless, SessionEra.Handshake)]
    public async Task Expired_sessions_do_not_count(SessionEra before, SessionEra after)
    {
        var store = CreateStore(SmallLimits);
        for (var i = 0; i < 5; i++)
        {
            await OpenAsync(store, New(i < 3 ? Alice : Bob, before));
        }

        await AdvanceAsync(SmallLimits.IdleTimeout);

        for (var i = 0; i < 5; i++)
        {
            await OpenAsync(store, New(i < 3 ? Alice : Bob, after));
        }

        Assert.Equal(SessionCreationStatus.TenantLimitReached, (await store.CreateAsync(New(Bob, before), Cancel)).Status);
        Assert.Equal(SessionCreationStatus.TenantLimitReached, (await store.CreateAsync(New(Bob, after), Cancel)).Status);
    }

    [Theory]
    [InlineData(SessionEra.Handshake)]
    [InlineData(SessionEra.Stateless)]
    public async Task An_id_is_given_once_and_who_is_refused_it_takes_no_place(SessionEra era)
    {
        var store = CreateStore(SmallLimits);
        var claim = await OpenAsync(store, Alice);

        await Assert.ThrowsAsync<ArgumentException>(async () => await store.CreateAsync(New(Bob, era) with { Id = claim.Id }, Cancel));

        Assert.NotNull(await store.TouchAsync(claim, Cancel));
        for (var i = 0; i < 4; i++)
        {
            await OpenAsync(store, i < 3 ? Bob : Alice);
        }

        Assert.Equal(SessionCreationStatus.TenantLimitReached, (await store.CreateAsync(New(Alice), Cancel)).Status);
    }

    [Fact]
    public async Task The_owner_limit_does_not_apply_to_anonymous_callers_and_nothing_lists_their_sessions()
    {
        var store = CreateStore(SmallLimits);
        for (var i = 0; i < 5; i++)
        {
            await OpenAsync(store, Caller.Anonymous);
        }

        Assert.Equal(SessionCreationStatus.TenantLimitReached, (await store.CreateAsync(New(Caller.Anonymous), Cancel)).Status);
        Assert.Empty(await store.ListAsync(Caller.Anonymous, SessionEra.Handshake, Cancel));
    }

    [Fact]
    public async Task The_owner_limit_applies_to_each_address_of_anonymous_callers_and_an_address_opens_no_door()
    {
        var store = CreateStore(SmallLimits);
        var (here, there) = (Caller.AnonymousFrom("192.0.2.1"), Caller.AnonymousFrom("192.0.2.2"));
        var claims = new List<SessionClaim>();
        for (var i = 0; i < 3; i++)
        {
            claims.Add(await OpenAsync(store, here));
        }

        Assert.Equal(new SessionCreation(SessionCreationStatus.OwnerLimitReached, Maximum: 3), await store.CreateAsync(New(here), Cancel));
        var elsewhere = await OpenAsync(store, there);
        await OpenAsync(store, Caller.Anonymous);
        Assert.Equal(SessionCreationStatus.TenantLimitReached, (await store.CreateAsync(New(there), Cancel)).Status);

        // The id alone is the key, wherever it is used.
        Assert.NotNull(await store.TouchAsync(elsewhere with { Caller = here }, Cancel));
        Assert.NotNull(await store.TouchAsync(elsewhere with { Caller = Caller.Anonymous }, Cancel));
        Assert.Null(await store.TouchAsync(elsewhere with { Caller = new(Caller.Anonymous.Tenant, "192.0.2.2") }, Cancel));
        Assert.Empty(await store.ListAsync(here, SessionEra.Handshake, Cancel));
        Assert.True(await store.EndAsync(claims[0], Cancel));
        await OpenAsync(store, here);
    }

    [Fact]
    public async Task The_places_of_an_address_come_back_when_its_sessions_expire_and_stay_taken_while_they_are_used()
    {
        var store = CreateStore(SmallLimits);
        var here = Caller.AnonymousFrom("192.0.2.1");
        var used = await OpenAsync(store, here);
        await OpenAsync(store, here);
        await OpenAsync(store, here);
        for (var i = 0; i < 4; i++)
        {
            await AdvanceAsync(TimeSpan.FromMinutes(6));
            Assert.NotNull(await store.TouchAsync(used, Cancel));
        }

        await OpenAsync(store, here);
        await OpenAsync(store, here);
        Assert.Equal(SessionCreationStatus.OwnerLimitReached, (await store.CreateAsync(New(here), Cancel)).Status);
    }

    [Fact]
    public async Task Limits_are_exact_when_many_of_both_eras_open_at_once()
    {
        var options = SmallLimits;
        options.MaxSessionsPerTenant = 30;
        options.MaxSessionsPerOwner = 20;
        var store = CreateStore(options);

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 100).Select(i =>
            Task.Run(async () => (Caller: i % 2 == 0 ? Alice : Bob, (await store.CreateAsync(New(i % 2 == 0 ? Alice : Bob, (SessionEra)(i / 2 % 2)), Cancel)).Status), Cancel)));

        var created = outcomes.Where(o => o.Status == SessionCreationStatus.Created).ToList();
        Assert.Equal(30, created.Count);
        Assert.All(created.CountBy(o => o.Caller), c => Assert.InRange(c.Value, 10, 20));
    }

    [Fact]
    public async Task A_caller_lists_its_own_live_sessions_of_one_era_newest_first()
    {
        var store = CreateStore(SmallLimits);
        var first = await OpenAsync(store, New(Alice) with { State = [new("a", Json("1"))] });
        await AdvanceAsync(TimeSpan.FromSeconds(2));
        var second = await OpenAsync(store, Alice);
        await AdvanceAsync(TimeSpan.FromSeconds(2));
        var stateless = await OpenAsync(store, New(Alice, SessionEra.Stateless));
        await OpenAsync(store, Bob);
        await OpenAsync(store, GlobexAlice);

        var listed = await store.ListAsync(Alice, SessionEra.Handshake, Cancel);

        Assert.Equal([second.Id, first.Id], listed.Select(s => s.Key.Id));
        Assert.All(listed, s => Assert.Empty(s.State));
        Assert.Equal([stateless.Id], (await store.ListAsync(Alice, SessionEra.Stateless, Cancel)).Select(s => s.Key.Id));
    }

    [Fact]
    public async Task A_write_needs_the_version_that_is_there()
    {
        var store = CreateStore(SmallLimits);
        var claim = await OpenAsync(store, Alice);
        var first = await WriteAsync(store, claim, "a", 0, "1");

        foreach (var stale in new[] { 0, first.Version + 1, -1 })
        {
            var refused = await store.WriteStateAsync(claim, new("a", stale, Json("9")), Cancel);
            Assert.Equal(StateWriteStatus.Conflict, refused.Status);
            Assert.Equal(first.Version, refused.Entry!.Version);
            Assert.Equal("1", Text(refused.Entry.Data));
        }

        var second = await WriteAsync(store, claim, "a", first.Version, "2");
        Assert.Equal("2", Text((await store.TouchAsync(claim, Cancel))!.FindState("a").Data));
        Assert.Equal(second.Version, (await store.TouchAsync(claim, Cancel))!.FindState("a").Version);
    }

    [Fact]
    public async Task A_write_to_an_entry_that_was_taken_away_finds_none()
    {
        var store = CreateStore(SmallLimits);
        var claim = await OpenAsync(store, Alice);
        var first = await WriteAsync(store, claim, "a", 0, "1");
        Assert.False((await WriteAsync(store, claim, "a", first.Version, null)).Exists);

        var refused = await store.WriteStateAsync(claim, new("a", first.Version, Json("2")), Cancel);

        Assert.Equal(StateWriteStatus.Conflict, refused.Status);
        Assert.Equal("a", refused.Entry!.Name);
        Assert.False(refused.Entry.Exists);
        Assert.False((await store.TouchAsync(claim, Cancel))!.FindState("a").Exists);
        Assert.False((await WriteAsync(store, claim, "a", 0, null)).Exists);
    }

    [Fact]
    public async Task Versions_grow_with_every_write_of_the_session_and_never_restart()
    {
        var store = CreateStore(SmallLimits);
        var claim = await OpenAsync(store, New(Alice) with { State = [new("a", Json("0"))] });
        var version = (await store.TouchAsync(claim, Cancel))!.FindState("a").Version;
        for (var i = 0; i < 5; i++)
        {
            var a = await WriteAsync(store, claim, "a", version, "1");
            Assert.True(a.Version > version);
            var b = await WriteAsync(store, claim, "b", 0, "1");
            Assert.True(b.Version > a.Version);
            await WriteAsync(store, claim, "a", a.Version, null);
            await WriteAsync(store, claim, "b", b.Version, null);
            var again = await WriteAsync(store, claim, "a", 0, "1");
            Assert.True(again.Version > b.Version);
            version = again.Version;
        }
    }

    [Fact]
    public async Task Entries_do_not_touch_each_other()
    {
        var store = CreateStore(SmallLimits);
        var claim = await OpenAsync(store, Alice);
        var a = await WriteAsync(store, claim, "a", 0, "1");
        await WriteAsync(store, claim, "A", 0, "2");
        await WriteAsync(store, claim, "a:b{c}*\r\n", 0, "3");
        await WriteAsync(store, claim, "a", a.Version, "4");

        var found = await store.TouchAsync(claim, Cancel);

        Assert.Equal(3, found!.State.Length);
        Assert.Equal("4", Text(found.FindState("a").Data));
        Assert.Equal("2", Text(found.FindState("A").Data));
        Assert.Equal("3", Text(found.FindState("a:b{c}*\r\n").Data));
    }

    [Fact]
    public async Task State_that_would_be_too_large_is_refused_and_the_old_one_stands()
    {
        var store = CreateStore(SmallLimits);
        var claim = await OpenAsync(store, Alice);
        var a = await WriteAsync(store, claim, "a", 0, new string('1', 600));

        var refused = await store.WriteStateAsync(claim, new("b", 0, Json(new string('2', 425))), Cancel);
        Assert.Equal((StateWriteStatus.TooLarge, 1025L, 1024), (refused.Status, refused.StateBytes, refused.MaxStateBytes));
        await WriteAsync(store, claim, "b", 0, new string('2', 424));
        var grown = await store.WriteStateAsync(claim, new("a", a.Version, Json(new string('1', 601))), Cancel);
        Assert.Equal((StateWriteStatus.TooLarge, 1025L), (grown.Status, grown.StateBytes));

        var found = await store.TouchAsync(claim, Cancel);
        Assert.Equal(600, found!.FindState("a").Data.Length);
        Assert.Equal(a.Version, found.FindState("a").Version);
        await WriteAsync(store, claim, "a", a.Version, null);
        await WriteAsync(store, claim, "a", 0, new string('3', 600));
    }

    [Fact]
    public async Task A_session_that_begins_too_large_is_not_opened()
    {
        var store = CreateStore(SmallLimits);

        var creation = await store.CreateAsync(New(Alice) with { State = [new("a", Json(new string('1', 1000))), new("b", Json(new string('1', 25)))] }, Cancel);

        Assert.Equal(new SessionCreation(SessionCreationStatus.StateTooLarge, Maximum: 1024), creation);
        Assert.Empty(await store.ListAsync(Alice, SessionEra.Handshake, Cancel));
    }

    [Fact]
    public async Task An_ended_session_never_comes_back()
    {
        var store = CreateStore(SmallLimits);
        var claim = await OpenAsync(store, New(Alice) with { State = [new("a", Json("1"))] });

        Assert.True(await store.EndAsync(claim, Cancel));

        Assert.False(await store.EndAsync(claim, Cancel));
        foreach (var version in new[] { 0, 1, 2 })
        {
            Assert.Equal(StateWriteStatus.NotFound, (await store.WriteStateAsync(claim, new("a", version, Json("2")), Cancel)).Status);
        }

        Assert.Null(await store.TouchAsync(claim, Cancel));
        Assert.Empty(await store.ListAsync(Alice, SessionEra.Handshake, Cancel));
    }

    [Fact]
    public async Task An_ending_wins_over_the_writes_and_touches_that_race_it()
    {
        var options = SmallLimits;
        options.MaxSessionsPerOwner = options.MaxSessionsPerTenant = 100;
        var store = CreateStore(options);
        for (var round = 0; round < 20; round++)
        {
            var claim = await OpenAsync(store, Alice);
            await Task.WhenAll(Enumerable.Range(0, 16).Select(i => Task.Run(
                async () =>
                {
                    if (i == 8)
                    {
                        Assert.True(await store.EndAsync(claim, Cancel));
                    }
                    else if (i % 2 == 0)
                    {
                        await store.TouchAsync(claim, Cancel);
                    }
                    else
                    {
                        await store.WriteStateAsync(claim, new("a", 0, Json("1")), Cancel);
                    }
                },
                Cancel)));

            Assert.Null(await store.TouchAsync(claim, Cancel));
            Assert.Empty(await store.ListAsync(Alice, SessionEra.Handshake, Cancel));
        }
    }

    [Fact]
    public async Task Of_writes_at_once_with_the_same_version_one_is_written()
    {
        var store = CreateStore(SmallLimits);
        var claim = await OpenAsync(store, Alice);

        var results = await Task.WhenAll(Enumerable.Range(0, 50).Select(i =>
            Task.Run(async () => await store.WriteStateAsync(claim, new("a", 0, Json($"{i}")), Cancel), Cancel)));

        var written = Assert.Single(results, r => r.Status == StateWriteStatus.Written);
        Assert.All(results, r => Assert.Equal(written.Entry!.Version, r.Entry!.Version));
        Assert.All(results, r => Assert.Equal(Text(written.Entry!.Data), Text(r.Entry!.Data)));
    }

    public static TheoryData<string, string, string, string> AwkwardNames => new()
    {
        { "a:b", "c", "a", "b:c" },
        { "{a}", "b", "a", "{b}" },
        { "a*", "*", "ab", "c" },
        { "a\r\nSET x", "b\r\n", "a", "SET x\r\nb\r\n" },
        { "anonymous", "anonymous ", "anonymous ", "anonymous" },
        { "\u00e9", "\ud83d\udea2", "e\u0301", "\ud83d\udea2" },
        { "\0", "a\0b", "\0a", "b" },
        { new string('t', TenantId.MaxLength), new string('o', Caller.MaxOwnerLength), new string('t', TenantId.MaxLength - 1), new string('o', Caller.MaxOwnerLength) },
    };

    [Theory]
    [MemberData(nameof(AwkwardNames))]
    public async Task Names_of_any_characters_never_collide(string tenant, string owner, string otherTenant, string otherOwner)
    {
        var store = CreateStore(SmallLimits);
        var (one, other) = (new Caller(new(tenant), owner), new Caller(new(otherTenant), otherOwner));
        var mine = await OpenAsync(store, New(one) with { State = [new("a", Json("1"))] });
        var theirs = await OpenAsync(store, New(other) with { State = [new("a", Json("2"))] });

        Assert.Null(await store.TouchAsync(mine with { Caller = other }, Cancel));
        Assert.Null(await store.TouchAsync(theirs with { Caller = one }, Cancel));
        var found = await store.TouchAsync(mine, Cancel);
        Assert.Equal((tenant, owner, "1"), (found!.Key.Tenant.Value, found.Owner, Text(found.FindState("a").Data)));
        Assert.Equal("2", Text((await store.TouchAsync(theirs, Cancel))!.FindState("a").Data));
        Assert.Equal([mine.Id], (await store.ListAsync(one, SessionEra.Handshake, Cancel)).Select(s => s.Key.Id));
        Assert.Equal([theirs.Id], (await store.ListAsync(other, SessionEra.Handshake, Cancel)).Select(s => s.Key.Id));
    }

    [Theory]
    [InlineData("")]
    [InlineData("nothing-of-the-kind")]
    [InlineData("../../*{}:\r\n")]
    public async Task An_id_that_a_client_made_up_is_never_adopted(string id)
    {
        var store = CreateStore(SmallLimits);
        var claim = new SessionClaim(Alice, id, SessionEra.Handshake);

        Assert.Equal(StateWriteStatus.NotFound, (await store.WriteStateAsync(claim, new("a", 0, Json("1")), Cancel)).Status);
        Assert.Null(await store.TouchAsync(claim, Cancel));
        Assert.False(await store.EndAsync(claim, Cancel));
    }
}
