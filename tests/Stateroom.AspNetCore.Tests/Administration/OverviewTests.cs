using System.Net;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Stateroom.Administration;
using Stateroom.AspNetCore.Administration;
using Stateroom.Messaging;
using Stateroom.Sessions;
using Stateroom.Tenancy;

namespace Stateroom.AspNetCore.Tests.Administration;

/// <summary>What administration sees across instances and tenants.</summary>
public sealed class OverviewTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_lists_the_instance_that_answers()
    {
        await using var server = await AdministrationServer.StartAsync();

        var instance = Assert.Single((await server.GetAsync("instances"))["instances"]!.AsArray())!;

        Assert.Equal(server.Services.GetRequiredService<ISessionBackplane>().InstanceId, (string?)instance["id"]);
        Assert.Equal((Environment.MachineName, true), ((string?)instance["host"], (bool)instance["answers"]!));
        Assert.True((DateTimeOffset)instance["startedAt"]! <= TimeProvider.System.GetUtcNow());
        await server.Log.HasAsync("list instances", "done");
    }

    [Theory]
    [InlineData("", "alice bob odd")]
    [InlineData("search=ACM", "alice bob")]
    [InlineData("search=ü~", "odd")]
    [InlineData("search=ALIC", "alice")]
    [InlineData("search=raw", "alice bob odd")]
    [InlineData("search=nobody", "")]
    [InlineData("owner=o%26o", "odd")]
    [InlineData("tenant=acme", "alice bob")]
    [InlineData("tenant=acme&owner=bob", "bob")]
    [InlineData("tenant=acme&search=o%26o", "")]
    [InlineData("tenant=nobody", "")]
    [InlineData("era=stateless", "")]
    [InlineData("era=handshake&search=bob", "bob")]
    public async Task It_finds_sessions_of_all_tenants_by_what_is_known_of_them(string query, string keys)
    {
        await using var server = await AdministrationServer.StartAsync();
        var references = new Dictionary<string, string>();
        foreach (var key in (string[])["alice", "bob", "odd"])
        {
            using var client = await server.Client(key).OpenAsync();
            references[SessionReference.Of(client.SessionId!)] = key;
        }

        var found = await server.GetAsync($"sessions?{query}");

        Assert.Equal(keys.Split(' ', StringSplitOptions.RemoveEmptyEntries), found["sessions"]!.AsArray().Select(s => references[(string)s!["reference"]!]).Order(StringComparer.Ordinal));
        Assert.Null(found["nextCursor"]);
    }

    [Fact]
    public async Task The_audit_log_tells_owners_apart_that_are_looked_for_in_all_tenants()
    {
        await using var server = await AdministrationServer.StartAsync();

        await server.GetAsync("sessions?owner=o%26o");
        await server.GetAsync("sessions?owner=alice");
        await server.GetAsync("sessions?tenant=acme&owner=alice");

        await server.Log.HasAsync("find sessions, tenant -, target " + CallerFingerprint.Of(["o&o"]));
        await server.Log.HasAsync("find sessions, tenant -, target " + CallerFingerprint.Of(["alice"]));
        await server.Log.HasAsync("find sessions, tenant ", CallerFingerprint.Of(new Caller(new("acme"), "alice")));
        Assert.All(server.Log.Audit, line => Assert.DoesNotContain("o&o", line, StringComparison.Ordinal));
    }

    [Fact]
    public async Task It_finds_a_session_by_what_the_log_shows_of_it_and_tells_where_to_end_it()
    {
        await using var server = await AdministrationServer.StartAsync();
        using var alice = await server.Client().OpenAsync();
        using var odd = await server.Client("odd").OpenAsync();
        var caller = new Caller(new TenantId("a/b%2F ü~"), "o&o");

        foreach (var text in (string[])[SessionFingerprint.Of(odd.SessionId!), CallerFingerprint.Of(caller), CallerFingerprint.Of(caller.Tenant)])
        {
            var found = Assert.Single((await server.GetAsync($"sessions?search={text}"))["sessions"]!.AsArray())!;
            Assert.Equal((caller.Tenant.Value, caller.Owner), ((string?)found["tenant"], (string?)found["owner"]));
            Assert.Equal(HttpStatusCode.OK, (await server.SendAsync(HttpMethod.Get, $"tenants/{found["tenantPath"]}/sessions/{found["reference"]}")).Status);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(200)]
    public async Task Every_session_is_on_exactly_one_page(int limit)
    {
        await using var server = await AdministrationServer.StartAsync();
        var opened = new List<string>();
        foreach (var key in (string[])["alice", "alice", "bob", "odd", "odd", "odd"])
        {
            using var client = await server.Client(key).OpenAsync();
            opened.Add(SessionReference.Of(client.SessionId!));
        }

        var found = new List<string>();
        for (string? cursor = ""; cursor is not null;)
        {
            var page = await server.GetAsync($"sessions?limit={limit}{(cursor.Length > 0 ? $"&cursor={cursor}" : "")}");
            Assert.InRange(page["sessions"]!.AsArray().Count, 1, limit);
            found.AddRange(page["sessions"]!.AsArray().Select(s => (string)s!["reference"]!));
            cursor = (string?)page["nextCursor"];
        }

        Assert.Equal(opened.Order(StringComparer.Ordinal), found.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_page_looks_at_so_many_only_and_the_next_one_goes_on_there()
    {
        var directory = new ManyTenants(tenants: 450);
        var search = new SessionSearch(directory);
        var query = new SearchQuery(null, null, null, "owner-449", 50);

        var (found, pages) = (new List<SessionSummary>(), 0);
        for (SearchPosition? after = null; pages == 0 || after is not null; pages++)
        {
            var before = directory.Looks;
            var page = await search.FindAsync(query, after, Cancellation);
            Assert.InRange(directory.Looks - before, 1, 201);
            found.AddRange(page.Sessions);
            after = page.Next;
        }

        Assert.Equal("owner-449", Assert.Single(found).Caller.Owner);
        Assert.Equal(3, pages);
    }

    [Theory]
    [InlineData("instances?limit=1")]
    [InlineData("sessions?limit=0")]
    [InlineData("sessions?era=modern")]
    [InlineData("sessions?search=")]
    [InlineData("sessions?search=a&search=b")]
    [InlineData("sessions?tenant=~%2A")]
    [InlineData("sessions?cursor=dGFjbWU")]
    [InlineData("sessions?cursor=ZmFjbWU")]
    [InlineData("sessions?cursor=ZmFjbWUvMTIz")]
    [InlineData("sessions?name=alice")]
    public async Task What_cannot_be_read_is_refused_with_a_reason(string path)
    {
        await using var server = await AdministrationServer.StartAsync();

        var (status, body, _) = await server.SendAsync(HttpMethod.Get, path);

        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.NotEmpty((string)JsonNode.Parse(body)!["detail"]!);
    }

    [Theory]
    [InlineData("instances")]
    [InlineData("sessions")]
    public async Task It_is_for_the_scope_alone(string path)
    {
        await using var server = await AdministrationServer.StartAsync(authorize: false);

        Assert.Equal(HttpStatusCode.Unauthorized, (await server.SendAsync(HttpMethod.Get, path, null)).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await server.SendAsync(HttpMethod.Get, path, "alice")).Status);
    }

    /// <summary>Many tenants with one session each.</summary>
    private sealed class ManyTenants(int tenants) : ISessionDirectory
    {
        private readonly List<TenantSummary> _tenants = [.. Enumerable.Range(0, tenants).Select(n => new TenantSummary(new(new TenantId($"tenant-{n:000}")), new(1, 0)))];

        public int Looks { get; private set; }

        public ValueTask<TenantPage> ListTenantsAsync(TenantRooms? after, int limit, CancellationToken cancellationToken)
        {
            var left = _tenants.SkipWhile(t => after is { } last && string.CompareOrdinal(t.Tenant.Tenant.Value, last.Tenant.Value) <= 0).ToList();
            return new(left.Count > limit ? new TenantPage(left[..limit], left[limit - 1].Tenant) : new(left, null));
        }

        public ValueTask<SessionCount> CountSessionsAsync(TenantRooms tenant, CancellationToken cancellationToken) => new(new SessionCount(1, 0));

        public ValueTask<SessionPage> ListSessionsAsync(SessionQuery query, CancellationToken cancellationToken)
        {
            Looks++;
            var session = new SessionSummary
            {
                Key = new(query.Tenant.Tenant, query.Tenant.Tenant.Value),
                Caller = new(query.Tenant.Tenant, query.Tenant.Tenant.Value.Replace("tenant", "owner", StringComparison.Ordinal)),
                Era = SessionEra.Handshake,
                CreatedAt = default,
                LastActiveAt = default,
                ExpiresAt = default,
            };
            return new(new SessionPage(string.CompareOrdinal(session.Reference, query.After) > 0 ? [session] : [], null));
        }
    }
}
