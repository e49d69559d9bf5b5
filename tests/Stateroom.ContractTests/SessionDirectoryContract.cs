using System.Text;
using Stateroom.Administration;
using Stateroom.Messaging;
using Stateroom.Sessions;
using Stateroom.Tenancy;
using Xunit;

namespace Stateroom.ContractTests;

/// <summary>What every directory holds. A backend's tests inherit this and say how to make the parts of an instance and how to let their time pass.</summary>
public abstract class SessionDirectoryContract
{
    protected static readonly Caller Alice = new(new TenantId("acme"), "alice");
    protected static readonly Caller Bob = new(new TenantId("acme"), "bob");
    protected static readonly Caller GlobexAlice = new(new TenantId("globex"), "alice");

    private static readonly TenantRooms Acme = TenantRooms.Of(Alice);

    protected static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>10 minutes idle.</summary>
    private static SessionOptions Options => new() { IdleTimeout = TimeSpan.FromMinutes(10) };

    /// <summary>The parts of one instance that work on the same sessions.</summary>
    public sealed record Parts(ISessionStore Store, ISessionOutbox Outbox, IStreamReaders Readers, ISessionBackplane Backplane, ISessionDirectory Directory);

    /// <summary>Makes the parts of an instance without sessions.</summary>
    protected abstract Parts CreateParts(SessionOptions options);

    /// <summary>Lets their time pass.</summary>
    protected abstract Task AdvanceAsync(TimeSpan time);

    /// <summary>What ends sessions, as it is registered.</summary>
    protected abstract ISessionAdministration Administration(Parts parts);

    protected static async Task<SessionClaim> OpenAsync(Parts parts, Caller caller, SessionEra era = SessionEra.Handshake, string client = "", string? state = null)
    {
        var creation = await parts.Store.CreateAsync(
            new() { Caller = caller, Era = era, Client = Encoding.UTF8.GetBytes(client), State = state is null ? [] : [new("a", Encoding.UTF8.GetBytes(state))] }, Cancel);
        Assert.Equal(SessionCreationStatus.Created, creation.Status);
        return new(caller, creation.Session!.Key.Id, era);
    }

    private static async Task<List<SessionSummary>> AllAsync(Parts parts, SessionQuery query)
    {
        var all = new List<SessionSummary>();
        for (var page = await parts.Directory.ListSessionsAsync(query, Cancel); ; page = await parts.Directory.ListSessionsAsync(query with { After = page.Next }, Cancel))
        {
            Assert.True(page.Sessions.Count <= query.Limit);
            all.AddRange(page.Sessions);
            if (page.Next is null)
            {
                return all;
            }
        }
    }

    private static async Task<List<TenantSummary>> AllTenantsAsync(Parts parts, int limit)
    {
        var all = new List<TenantSummary>();
        for (var page = await parts.Directory.ListTenantsAsync(null, limit, Cancel); ; page = await parts.Directory.ListTenantsAsync(page.Next, limit, Cancel))
        {
            Assert.InRange(page.Tenants.Count, 0, limit);
            all.AddRange(page.Tenants);
            if (page.Next is null)
            {
                return all;
            }
        }
    }

    private static IEnumerable<string> Ids(IEnumerable<SessionSummary> sessions) => sessions.Select(s => s.Key.Id).Order(StringComparer.Ordinal);

    private static IEnumerable<string> Ids(params IEnumerable<SessionClaim> sessions) => sessions.Select(s => s.Id).Order(StringComparer.Ordinal);

    [Fact]
    public async Task A_session_is_shown_as_it_is_without_its_state()
    {
        var parts = CreateParts(Options);
        var claim = await OpenAsync(parts, Alice, client: """{"name":"x"}""", state: "12345");
        await parts.Store.WriteStateAsync(claim, new("b", 0, "123"u8.ToArray()), Cancel);
        var record = (await parts.Store.TouchAsync(claim, Cancel))!;

        var shown = Assert.Single(await AllAsync(parts, new() { Tenant = Acme }));

        Assert.Equal(claim.Key, shown.Key);
        Assert.Equal(SessionReference.Of(claim.Id), shown.Reference);
        Assert.Equal(Alice, shown.Caller);
        Assert.Equal(SessionEra.Handshake, shown.Era);
        Assert.Equal(record.CreatedAt, shown.CreatedAt);
        Assert.Equal(record.LastActiveAt, shown.LastActiveAt);
        Assert.InRange(shown.ExpiresAt - shown.LastActiveAt, Options.IdleTimeout - TimeSpan.FromMinutes(1), Options.IdleTimeout);
        Assert.Equal("""{"name":"x"}""", Encoding.UTF8.GetString(shown.Client.Span));
        Assert.Equal(8, shown.StateBytes);
        Assert.Empty(shown.Streams);
        Assert.DoesNotContain(claim.Id, shown.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Each_session_is_on_one_page_and_only_those_of_the_tenant_are()
    {
        var parts = CreateParts(Options);
        var mine = new List<SessionClaim>();
        for (var i = 0; i < 7; i++)
        {
            mine.Add(await OpenAsync(parts, i % 2 == 0 ? Alice : Bob, i % 3 == 0 ? SessionEra.Stateless : SessionEra.Handshake));
            await OpenAsync(parts, GlobexAlice);
            await OpenAsync(parts, Caller.Anonymous);
        }

        foreach (var limit in (int[])[1, 2, 3, 7, 200])
        {
            var listed = await AllAsync(parts, new() { Tenant = Acme, Limit = limit });
            Assert.Equal(Ids(mine), Ids(listed));
            Assert.Equal(listed.Select(s => s.Reference).Order(StringComparer.Ordinal), listed.Select(s => s.Reference));
        }

        Assert.Equal(Ids(mine.Where(s => s.Caller == Bob)), Ids(await AllAsync(parts, new() { Tenant = Acme, Owner = "bob", Limit = 2 })));
        Assert.Equal(Ids(mine.Where(s => s.Era == SessionEra.Stateless)), Ids(await AllAsync(parts, new() { Tenant = Acme, Era = SessionEra.Stateless, Limit = 2 })));
        Assert.Equal(Ids(mine.Where(s => s is { Era: SessionEra.Stateless, Caller.Owner: "bob" })), Ids(await AllAsync(parts, new() { Tenant = Acme, Era = SessionEra.Stateless, Owner = "bob" })));
        Assert.Empty(await AllAsync(parts, new() { Tenant = Acme, Owner = "carol" }));
        Assert.Empty(await AllAsync(parts, new() { Tenant = new(new TenantId("initech")) }));
        Assert.Equal(7, (await AllAsync(parts, new() { Tenant = TenantRooms.Anonymous })).Count);
        Assert.Empty(await AllAsync(parts, new() { Tenant = TenantRooms.Anonymous, Owner = "anonymous" }));
    }

    [Fact]
    public async Task What_lives_all_the_while_is_on_one_page_whatever_else_comes_goes_or_is_used()
    {
        var parts = CreateParts(Options);
        var steady = new List<SessionClaim>();
        var others = new Queue<SessionClaim>();
        for (var i = 0; i < 12; i++)
        {
            steady.Add(await OpenAsync(parts, Alice));
            others.Enqueue(await OpenAsync(parts, Bob));
        }

        var listed = new List<SessionSummary>();
        string? after = null;
        do
        {
            var page = await parts.Directory.ListSessionsAsync(new() { Tenant = Acme, Limit = 3, After = after }, Cancel);
            listed.AddRange(page.Sessions);
            after = page.Next;
            await parts.Store.TouchAsync(steady[listed.Count % steady.Count], Cancel);
            await OpenAsync(parts, Bob);
            await parts.Store.EndAsync(others.Dequeue(), Cancel);
        }
        while (after is not null);

        Assert.Equal(Ids(steady), Ids(listed.Where(s => s.Caller == Alice)));
        Assert.Equal(listed.Count, listed.DistinctBy(s => s.Key).Count());
    }

    [Fact]
    public async Task A_session_is_found_by_its_reference_or_the_fingerprint_that_logs_show()
    {
        var parts = CreateParts(Options);
        var claim = await OpenAsync(parts, Alice);
        await OpenAsync(parts, Alice);

        foreach (var reference in (string[])[SessionReference.Of(claim.Id), SessionFingerprint.Of(claim.Id)])
        {
            Assert.Equal(claim.Key, Assert.Single(await AllAsync(parts, new() { Tenant = Acme, Reference = reference })).Key);
            Assert.Empty(await AllAsync(parts, new() { Tenant = TenantRooms.Of(GlobexAlice), Reference = reference }));
        }
    }

    [Fact]
    public async Task Looking_slides_no_deadline_and_what_is_over_is_not_shown()
    {
        var parts = CreateParts(Options);
        var unused = await OpenAsync(parts, Alice);
        var used = await OpenAsync(parts, Alice);
        await AdvanceAsync(TimeSpan.FromMinutes(6));
        await parts.Store.TouchAsync(used, Cancel);
        Assert.Equal(2, (await AllAsync(parts, new() { Tenant = Acme })).Count);
        Assert.Equal(new SessionCount(2, 0), await parts.Directory.CountSessionsAsync(Acme, Cancel));
        await AdvanceAsync(TimeSpan.FromMinutes(5));

        Assert.Equal(used.Key, Assert.Single(await AllAsync(parts, new() { Tenant = Acme })).Key);
        Assert.Equal(used.Key, Assert.Single(await AllAsync(parts, new() { Tenant = Acme, Owner = "alice" })).Key);
        Assert.Equal(new SessionCount(1, 0), await parts.Directory.CountSessionsAsync(Acme, Cancel));
        Assert.Equal(new SessionCount(1, 0), Assert.Single(await AllTenantsAsync(parts, 10)).Sessions);
        Assert.Null(await parts.Store.TouchAsync(unused, Cancel));

        await parts.Store.EndAsync(used, Cancel);
        Assert.Empty(await AllAsync(parts, new() { Tenant = Acme }));
        Assert.Equal(default, await parts.Directory.CountSessionsAsync(Acme, Cancel));
        Assert.Empty(await AllTenantsAsync(parts, 10));
    }

    [Fact]
    public async Task Sessions_are_counted_by_era()
    {
        var parts = CreateParts(Options);
        var (handshake, stateless) = (new List<SessionClaim>(), new List<SessionClaim>());
        for (var i = 0; i < 3; i++)
        {
            stateless.Add(await OpenAsync(parts, Alice, SessionEra.Stateless));
            handshake.AddRange([await OpenAsync(parts, Alice), await OpenAsync(parts, Bob)]);
        }

        await OpenAsync(parts, GlobexAlice, SessionEra.Stateless);
        await OpenAsync(parts, Caller.Anonymous);
        await OpenAsync(parts, Caller.Anonymous, SessionEra.Stateless);
        await CountsAsync(new(6, 3));
        Assert.Equal(9, new SessionCount(6, 3).Total);
        Assert.Equal(new(0, 1), await parts.Directory.CountSessionsAsync(TenantRooms.Of(GlobexAlice), Cancel));
        Assert.Equal(new(1, 1), await parts.Directory.CountSessionsAsync(TenantRooms.Anonymous, Cancel));
        Assert.Equal(default, await parts.Directory.CountSessionsAsync(new(new TenantId("initech")), Cancel));

        // Used so late that their entries are renewed; the others expire.
        await AdvanceAsync(TimeSpan.FromMinutes(6));
        foreach (var claim in (SessionClaim[])[handshake[0], handshake[1], handshake[2], stateless[0], stateless[1]])
        {
            Assert.NotNull(await parts.Store.TouchAsync(claim, Cancel));
        }

        await CountsAsync(new(6, 3));
        await AdvanceAsync(TimeSpan.FromMinutes(5));
        await CountsAsync(new(3, 2));
        Assert.True(await parts.Store.EndAsync(stateless[0], Cancel));
        await CountsAsync(new(3, 1));
        Assert.False(await parts.Store.EndAsync(handshake[0] with { Era = SessionEra.Stateless }, Cancel));
        Assert.True(await parts.Store.EndAsync(stateless[1], Cancel));
        await CountsAsync(new(3, 0));

        async Task CountsAsync(SessionCount expected)
        {
            Assert.Equal(expected, await parts.Directory.CountSessionsAsync(Acme, Cancel));
            Assert.Equal(expected, (await AllTenantsAsync(parts, 10)).Single(t => t.Tenant == Acme).Sessions);
        }
    }

    [Fact]
    public async Task Tenants_are_listed_by_name_with_those_of_nobody_last()
    {
        var parts = CreateParts(Options);
        string[] names = ["acme", "Acme", "anonymous", "a/b", "a b", "{}:*\r\n", "~", "\ud800", "\u00fc\ud83d\udea2", new string('x', TenantId.MaxLength)];
        foreach (var name in names)
        {
            await OpenAsync(parts, new Caller(new TenantId(name), "o"));
            await OpenAsync(parts, new Caller(new TenantId(name), "p"), SessionEra.Stateless);
        }

        await OpenAsync(parts, Caller.Anonymous);

        foreach (var limit in (int[])[1, 3, 11, 200])
        {
            var listed = await AllTenantsAsync(parts, limit);
            Assert.Equal([.. names.Order(StringComparer.Ordinal), "anonymous"], listed.Select(t => t.Tenant.Tenant.Value));
            Assert.Equal(TenantRooms.Anonymous, listed[^1].Tenant);
            Assert.All(listed[..^1], t => Assert.Equal((false, new(1, 1)), (t.Tenant.IsAnonymous, t.Sessions)));
            Assert.Equal(new(1, 0), listed[^1].Sessions);
        }

        foreach (var name in names)
        {
            Assert.Equal(new(1, 1), await parts.Directory.CountSessionsAsync(new(new TenantId(name)), Cancel));
        }
    }

    [Fact]
    public async Task A_tenant_whose_sessions_are_used_stays_listed()
    {
        var parts = CreateParts(Options);
        var claim = await OpenAsync(parts, Alice);
        for (var i = 0; i < 6; i++)
        {
            await AdvanceAsync(TimeSpan.FromMinutes(6));
            Assert.NotNull(await parts.Store.TouchAsync(claim, Cancel));
            await AdvanceAsync(TimeSpan.Zero);
            Assert.Equal(Acme, Assert.Single(await AllTenantsAsync(parts, 10)).Tenant);
            Assert.Single(await AllAsync(parts, new() { Tenant = Acme }));
        }
    }

    [Fact]
    public async Task Open_streams_are_shown_with_their_instance()
    {
        var parts = CreateParts(Options);
        var claim = await OpenAsync(parts, Alice);
        await parts.Outbox.AppendAsync(claim.Key, "one.a", OutboxItemKind.Begin, "1"u8.ToArray(), Cancel);
        await parts.Outbox.AppendAsync(claim.Key, "two.b", OutboxItemKind.Begin, "2"u8.ToArray(), Cancel);
        await parts.Outbox.AppendAsync(claim.Key, "two.b", OutboxItemKind.End, default, Cancel);
        await parts.Outbox.AppendAsync(claim.Key, StreamNames.General, OutboxItemKind.Message, "{}"u8.ToArray(), Cancel);
        await parts.Outbox.SubscribeAsync(claim.Key, new Topic(TopicKind.Tools), Cancel);
        await parts.Readers.NoteAsync(claim.Key, "three.c", Cancel);
        await parts.Readers.NoteAsync(claim.Key, "four.d", Cancel);
        await parts.Readers.ForgetAsync(claim.Key, "three.c", Cancel);
        Assert.Equal([new(false, "one"), new(true, "four")], (await ShownAsync()).OrderBy(s => s.IsGeneral));

        await parts.Readers.ForgetAsync(claim.Key, "four.d", Cancel);
        Assert.Equal(new StreamSummary(false, "one"), Assert.Single(await ShownAsync()));

        async Task<IReadOnlyList<StreamSummary>> ShownAsync() => Assert.Single(await AllAsync(parts, new() { Tenant = Acme })).Streams;
    }

    [Fact]
    public async Task Ending_ends_what_is_meant_and_nothing_else()
    {
        var parts = CreateParts(Options);
        var administration = Administration(parts);
        var (one, other) = (await OpenAsync(parts, Alice), await OpenAsync(parts, Alice));
        var stateless = await OpenAsync(parts, Alice, SessionEra.Stateless);
        var (bob, globex, nobody) = (await OpenAsync(parts, Bob), await OpenAsync(parts, GlobexAlice), await OpenAsync(parts, Caller.Anonymous));
        var told = new List<SessionKey>();
        using var subscription = parts.Backplane.Subscribe((signal, _) =>
        {
            if (signal is SessionSignal.Ended ended)
            {
                lock (told)
                {
                    told.Add(ended.Session);
                }
            }

            return default;
        });

        var found = Assert.Single(await AllAsync(parts, new() { Tenant = Acme, Reference = SessionReference.Of(one.Id) }));
        Assert.True(await administration.EndAsync(found, Cancel));
        Assert.False(await administration.EndAsync(found, Cancel));
        Assert.Equal([one.Key], told);
        Assert.Null(await parts.Store.TouchAsync(one, Cancel));
        Assert.Equal(StateWriteStatus.NotFound, (await parts.Store.WriteStateAsync(one, new("late", 0, "1"u8.ToArray()), Cancel)).Status);
        Assert.Equal(0, await parts.Outbox.AppendAsync(one.Key, StreamNames.General, OutboxItemKind.Message, "{}"u8.ToArray(), Cancel));

        Assert.Equal(2, await administration.EndAllAsync(Acme, "alice", Cancel));
        Assert.Equal(0, await administration.EndAllAsync(Acme, "alice", Cancel));
        Assert.Null(await parts.Store.TouchAsync(other, Cancel));
        Assert.Null(await parts.Store.TouchAsync(stateless, Cancel));

        Assert.Equal(1, await administration.EndAllAsync(Acme, null, Cancel));
        Assert.Null(await parts.Store.TouchAsync(bob, Cancel));
        Assert.NotNull(await parts.Store.TouchAsync(nobody, Cancel));
        Assert.Equal(1, await administration.EndAllAsync(TenantRooms.Anonymous, null, Cancel));
        Assert.Null(await parts.Store.TouchAsync(nobody, Cancel));
        Assert.NotNull(await parts.Store.TouchAsync(globex, Cancel));
        Assert.Equal(5, told.Count);
    }

    [Fact]
    public async Task All_of_a_tenant_are_ended_however_many_they_are()
    {
        const int Sessions = 450;
        var options = Options;
        options.MaxSessionsPerOwner = Sessions;
        var parts = CreateParts(options);
        for (var i = 0; i < Sessions; i++)
        {
            await OpenAsync(parts, Alice, i % 3 == 0 ? SessionEra.Stateless : SessionEra.Handshake);
        }

        Assert.Equal(new(300, 150), await parts.Directory.CountSessionsAsync(Acme, Cancel));
        Assert.Equal(Sessions, await Administration(parts).EndAllAsync(Acme, null, Cancel));
        Assert.Empty(await AllAsync(parts, new() { Tenant = Acme }));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(201)]
    public async Task A_page_of_no_size_is_refused(int limit)
    {
        var parts = CreateParts(Options);
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(async () => await parts.Directory.ListTenantsAsync(null, limit, Cancel));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(async () => await parts.Directory.ListSessionsAsync(new() { Tenant = Acme, Limit = limit }, Cancel));
    }
}
