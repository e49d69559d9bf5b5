using System.Net;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Stateroom.Limits;
using Stateroom.Sessions;
using Stateroom.Tenancy;

namespace Stateroom.AspNetCore.Tests.Administration;

/// <summary>Administration over real HTTP.</summary>
public class AdministrationTests
{
    private const string Marker = "s3cr3t-state";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static string Audited(Caller caller) => CallerFingerprint.Of(caller);

    private static readonly Caller Admin = new(new TenantId("operations"), "admin");
    private static readonly Caller Alice = new(new TenantId("acme"), "alice");

    [Fact]
    public async Task It_shows_tenants_and_sessions_and_neither_an_id_nor_a_state_anywhere()
    {
        await using var server = await AdministrationServer.StartAsync();
        using var alice = await server.Client().OpenAsync();
        using var bob = await server.Client("bob").OpenAsync();
        await alice.CallTextAsync("note", $$"""{"text":"{{Marker}}"}""");
        using var general = await alice.StreamAsync(HttpMethod.Get);
        await general.ReadAsync(Cancellation);
        var reference = SessionReference.Of(alice.SessionId!);

        var tenants = await server.GetAsync("tenants");
        var tenant = await server.GetAsync("tenants/acme");
        var list = await server.GetAsync("tenants/acme/sessions");
        var mine = await server.GetAsync("tenants/acme/sessions?owner=alice&era=handshake");
        var none = await server.GetAsync("tenants/acme/sessions?era=stateless");
        var one = await server.GetAsync($"tenants/acme/sessions/{reference}");
        var byFingerprint = await server.GetAsync($"tenants/acme/sessions/{SessionFingerprint.Of(alice.SessionId!)}");

        var listed = Assert.Single(tenants["tenants"]!.AsArray())!;
        Assert.Equal((string?)tenant["fingerprint"], (string?)listed["fingerprint"]);
        Assert.Equal(tenant["limits"]!.AsArray().Count, listed["limits"]!.AsArray().Count);
        Assert.Equal(("acme", "acme", 2), ((string?)tenant["tenant"], (string?)tenant["path"], (int)tenant["sessions"]!));
        Assert.Equal("""{"handshake":2,"stateless":0}""", tenant["sessionsByEra"]!.ToJsonString());
        Assert.Equal("""{"handshake":2,"stateless":0}""", listed["sessionsByEra"]!.ToJsonString());
        Assert.Equal(CallerFingerprint.Of(Alice.Tenant), (string?)tenant["fingerprint"]);
        Assert.Equal(
            [("MaxSessionsPerTenant", 1000), ("RequestBurstPerTenant", 400), ("MaxCallsPerTenant", 512), ("MaxStreamsPerTenant", 2048)],
            tenant["limits"]!.AsArray().Select(limit => ((string?)limit!["limit"], (int)limit["maximum"]!)));
        Assert.Equal((2, 1), ((int)tenant["limits"]![0]!["used"]!, (int)tenant["limits"]![3]!["used"]!));
        Assert.Equal(2, list["sessions"]!.AsArray().Count);
        Assert.Empty(none["sessions"]!.AsArray());
        Assert.Equal(one.ToJsonString(), Assert.Single(mine["sessions"]!.AsArray())!.ToJsonString());
        Assert.Equal(one.ToJsonString(), byFingerprint.ToJsonString());
        Assert.Equal(reference, (string?)one["reference"]);
        Assert.Equal(("alice", "handshake"), ((string?)one["owner"], (string?)one["era"]));
        Assert.Equal(CallerFingerprint.Of(Alice), (string?)one["ownerFingerprint"]);
        Assert.Equal("""{"name":"raw","version":"1","protocolVersion":"2025-11-25"}""", one["client"]!.ToJsonString());
        Assert.True((int)one["stateBytes"]! > Marker.Length);
        Assert.True((int)one["clientBytes"]! > 0);
        Assert.True((DateTimeOffset)one["createdAt"]! <= (DateTimeOffset)one["lastActiveAt"]!);
        Assert.True((DateTimeOffset)one["lastActiveAt"]! < (DateTimeOffset)one["expiresAt"]!);
        var instance = server.Services.GetRequiredService<Messaging.ISessionBackplane>().InstanceId;
        Assert.Equal($$"""[{"kind":"general","instance":"{{instance}}"}]""", one["streams"]!.ToJsonString());

        await server.Log.HasAsync($"Administrator {Audited(Admin)}: show session", $"target {SessionFingerprint.Of(alice.SessionId!)}: done (1 sessions)");
        foreach (var text in (string[])[tenants.ToJsonString(), tenant.ToJsonString(), list.ToJsonString(), .. server.Log.All])
        {
            Assert.DoesNotContain(alice.SessionId!, text, StringComparison.Ordinal);
            Assert.DoesNotContain(bob.SessionId!, text, StringComparison.Ordinal);
            Assert.DoesNotContain(Marker, text, StringComparison.Ordinal);
        }

        // Not in the log under names either.
        Assert.All(server.Log.Audit, line => Assert.DoesNotMatch("alice|bob|acme|operations", line));
    }

    [Fact]
    public async Task An_ended_session_is_gone_with_its_calls_and_streams()
    {
        await using var server = await AdministrationServer.StartAsync();
        using var alice = await server.Client().OpenAsync();
        using var other = await server.Client().OpenAsync();
        using var general = await alice.StreamAsync(HttpMethod.Get);
        await general.ReadAsync(Cancellation);
        using var call = await alice.StreamAsync(HttpMethod.Post, RawClient.Call("report", """{"gate":"d"}""", "4", """{"progressToken":1}"""));
        await call.ReadMessageAsync(Cancellation);
        var path = $"tenants/acme/sessions/{SessionReference.Of(alice.SessionId!)}";
        Assert.Equal(["general", "request"], (await server.GetAsync(path))["streams"]!.AsArray().Select(s => (string)s!["kind"]!).Order());

        Assert.Equal((HttpStatusCode.NoContent, ""), await StatusAsync(server, HttpMethod.Delete, path));

        Assert.Equal(HttpStatusCode.NotFound, (await RawClient.ReadAsync(alice.SendAsync(HttpMethod.Post, RawClient.Call("add")))).Status);
        Assert.Null(await general.ReadAsync(Cancellation));
        Assert.Null(await call.ReadAsync(Cancellation));
        Assert.Equal(HttpStatusCode.NotFound, (await StatusAsync(server, HttpMethod.Delete, path)).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await StatusAsync(server, HttpMethod.Get, path)).Status);
        Assert.Equal("1", await other.CallTextAsync("add"));
        await server.Log.HasAsync("Information", $"Administrator {Audited(Admin)}: end session, tenant {CallerFingerprint.Of(Alice.Tenant)}, target {SessionFingerprint.Of(alice.SessionId!)}: done (1 sessions)");
        await server.Log.HasAsync("end session", "target -: not found (0 sessions)");
        await server.Log.HasAsync($"Refused {Audited(Alice)} a POST: session {SessionFingerprint.Of(alice.SessionId!)} is unknown, over or somebody else's.");
    }

    [Fact]
    public async Task All_of_an_owner_or_of_a_tenant_are_ended_when_it_is_said_whose()
    {
        await using var server = await AdministrationServer.StartAsync();
        using var alice = await server.Client().OpenAsync();
        using var alice2 = await server.Client().OpenAsync();
        using var bob = await server.Client("bob").OpenAsync();
        using var odd = await server.Client("odd").OpenAsync();
        foreach (var path in (string[])["tenants/acme/sessions", "tenants/acme/sessions?owner=alice&confirm=all", "tenants/acme/sessions?confirm=yes", "tenants/acme/sessions?onwer=alice&confirm=all", "tenants/acme/sessions?owner=", "tenants/acme/sessions?owner=alice&owner=bob"])
        {
            await ProblemAsync(await server.SendAsync(HttpMethod.Delete, path), HttpStatusCode.BadRequest);
        }

        Assert.Equal((HttpStatusCode.OK, """{"ended":2}"""), await StatusAsync(server, HttpMethod.Delete, "tenants/acme/sessions?owner=alice"));
        Assert.Equal(HttpStatusCode.NotFound, (await RawClient.ReadAsync(alice.SendAsync(HttpMethod.Post, RawClient.Call("add")))).Status);
        Assert.Equal("1", await bob.CallTextAsync("add"));

        Assert.Equal((HttpStatusCode.OK, """{"ended":1}"""), await StatusAsync(server, HttpMethod.Delete, "tenants/acme/sessions?confirm=all"));
        Assert.Equal(HttpStatusCode.NotFound, (await RawClient.ReadAsync(bob.SendAsync(HttpMethod.Post, RawClient.Call("add")))).Status);
        Assert.Equal("1", await odd.CallTextAsync("add"));
        Assert.Equal(0, (int)(await server.GetAsync("tenants/acme"))["sessions"]!);
        await server.Log.HasAsync("end sessions", $"target {Audited(Alice)}: done (2 sessions)");
        await server.Log.HasAsync("end sessions", "malformed (0 sessions)");
    }

    [Fact]
    public async Task A_tenant_of_any_name_is_reached_by_the_path_that_the_list_gives()
    {
        await using var server = await AdministrationServer.StartAsync();
        using var odd = await server.Client("odd").OpenAsync();

        var listed = Assert.Single((await server.GetAsync("tenants"))["tenants"]!.AsArray())!.AsObject();
        Assert.Equal("a/b%2F ü~", (string?)listed["tenant"]);
        Assert.Equal("o&o", (string?)Assert.Single((await server.GetAsync($"tenants/{listed["path"]}/sessions?owner=o%26o"))["sessions"]!.AsArray())!["owner"]);
        Assert.Equal((HttpStatusCode.OK, """{"ended":1}"""), await StatusAsync(server, HttpMethod.Delete, $"tenants/{listed["path"]}/sessions?confirm=all"));

        // Where a slash was sent, or a percent sign, nobody can know any more: refused, not taken for another tenant.
        await ProblemAsync(await server.SendAsync(HttpMethod.Get, "tenants/a%2Fb"), HttpStatusCode.BadRequest);
        await ProblemAsync(await server.SendAsync(HttpMethod.Get, "tenants/~***"), HttpStatusCode.BadRequest);
        await ProblemAsync(await server.SendAsync(HttpMethod.Get, "tenants/~"), HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Pages_follow_each_other_to_the_end()
    {
        await using var server = await AdministrationServer.StartAsync();
        var ids = new List<string>();
        for (var i = 0; i < 5; i++)
        {
            using var client = await server.Client(i % 2 == 0 ? "alice" : "bob").OpenAsync();
            ids.Add(client.SessionId!);
        }

        using var odd = await server.Client("odd").OpenAsync();
        Assert.Equal(ids.Select(SessionReference.Of).Order(StringComparer.Ordinal), await PagesAsync("tenants/acme/sessions?limit=2", "sessions", "reference"));
        Assert.Equal(["a/b%2F ü~", "acme"], await PagesAsync("tenants?limit=1", "tenants", "tenant"));

        async Task<List<string>> PagesAsync(string path, string list, string name)
        {
            var found = new List<string>();
            for (var page = await server.GetAsync(path); ; page = await server.GetAsync($"{path}&cursor={page["nextCursor"]}"))
            {
                found.AddRange(page[list]!.AsArray().Select(item => (string)item![name]!));
                if (page["nextCursor"] is null)
                {
                    return found;
                }
            }
        }
    }

    [Theory]
    [InlineData("tenants?limit=0")]
    [InlineData("tenants?limit=201")]
    [InlineData("tenants?limit=+1")]
    [InlineData("tenants?limit=many")]
    [InlineData("tenants?cursor=***")]
    [InlineData("tenants?cursor=czEyMw")]
    [InlineData("tenants?owner=alice")]
    [InlineData("tenants/acme?owner=alice")]
    [InlineData("tenants/acme/sessions?era=modern")]
    [InlineData("tenants/acme/sessions?cursor=dGFjbWU")]
    [InlineData("tenants/acme/sessions?limit=1&limit=2")]
    [InlineData("tenants/acme/sessions/short")]
    [InlineData("tenants/acme/sessions/ABCDEFABCDEF")]
    [InlineData("tenants/acme/sessions/abcdefabcdef?owner=alice")]
    public async Task What_cannot_be_read_is_refused_with_a_reason(string path)
    {
        await using var server = await AdministrationServer.StartAsync();
        await ProblemAsync(await server.SendAsync(HttpMethod.Get, path), HttpStatusCode.BadRequest);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task It_is_for_the_scope_alone_whatever_the_host_requires(bool authorize)
    {
        await using var server = await AdministrationServer.StartAsync(authorize: authorize);
        using var alice = await server.Client().OpenAsync();
        (HttpMethod Method, string Path)[] requests =
        [
            (HttpMethod.Get, "tenants"), (HttpMethod.Get, "tenants/acme"), (HttpMethod.Get, "tenants/acme/sessions"),
            (HttpMethod.Get, $"tenants/acme/sessions/{SessionReference.Of(alice.SessionId!)}"),
            (HttpMethod.Delete, $"tenants/acme/sessions/{SessionReference.Of(alice.SessionId!)}"), (HttpMethod.Delete, "tenants/acme/sessions?confirm=all"),
        ];
        foreach (var (method, path) in requests)
        {
            foreach (var key in (string?[])[null, "nobody"])
            {
                var unknown = await server.SendAsync(method, path, key);
                await ProblemAsync(unknown, HttpStatusCode.Unauthorized);
                Assert.StartsWith("Bearer", unknown.Response.Headers.WwwAuthenticate.ToString(), StringComparison.Ordinal);
                Assert.DoesNotContain("acme", unknown.Body, StringComparison.Ordinal);
            }

            // An ordinary key, also one without a list of scopes; and scopes that only look like it.
            foreach (var key in (string[])["alice", "scoped"])
            {
                var refused = await server.SendAsync(method, path, key);
                await ProblemAsync(refused, HttpStatusCode.Forbidden);
                Assert.Contains("error=\"insufficient_scope\", scope=\"stateroom:admin\"", refused.Response.Headers.WwwAuthenticate.ToString(), StringComparison.Ordinal);
            }
        }

        Assert.Equal("1", await alice.CallTextAsync("add"));
        await server.Log.HasAsync("2101 Warning: Refused a GET without a valid credential.");
        await server.Log.HasAsync($"2102 Warning: Refused {Audited(Alice)} a DELETE: a scope is missing.");
    }

    [Fact]
    public async Task A_tenant_is_shown_that_the_settings_name_or_that_uses_something_and_no_other()
    {
        await using var server = await AdministrationServer.StartAsync(services => services.Configure<LimitOptions>(limits => limits.Tenants.Add(new() { Tenant = "limited" })));
        Assert.Equal(0, (int)(await server.GetAsync("tenants/acme"))["sessions"]!);
        Assert.Equal(0, (int)(await server.GetAsync("tenants/limited"))["sessions"]!);
        foreach (var name in (string[])["never", "Acme", "anonymous", "~"])
        {
            await ProblemAsync(await server.SendAsync(HttpMethod.Get, $"tenants/{name}"), HttpStatusCode.NotFound);
        }

        await server.Log.HasAsync("show tenant", "not found (0 sessions)");
        var store = server.Services.GetRequiredService<ISessionStore>();
        await store.CreateAsync(new() { Caller = new(new TenantId("never"), "x"), Era = SessionEra.Handshake }, Cancellation);
        Assert.Equal(1, (int)(await server.GetAsync("tenants/never"))["sessions"]!);
        using (await TakeAsync(server, new(new TenantId("busy"), "x")))
        {
            Assert.Equal(0, (int)(await server.GetAsync("tenants/busy"))["sessions"]!);
        }

        await ProblemAsync(await server.SendAsync(HttpMethod.Get, "tenants/busy"), HttpStatusCode.NotFound);

        static async Task<IDisposable> TakeAsync(AdministrationServer server, Caller caller) =>
            (await server.Services.GetRequiredService<IAdmission>().AdmitAsync(new(caller) { Place = AdmissionPlace.Call, Count = 1 }, Cancellation)).Lease!;
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_web_page_that_was_not_invited_is_kept_out_also_with_a_credential(bool frontDoor)
    {
        await using var server = await AdministrationServer.StartAsync(frontDoor: frontDoor);
        var refused = await server.SendAsync(HttpMethod.Get, "tenants", configure: request => request.Headers.Add("Origin", "https://evil.example"));

        await ProblemAsync(refused, HttpStatusCode.Forbidden);
        await server.Log.HasAsync("2103 Warning: Refused a GET at the front door: This Origin is not allowed.");
        Assert.All(server.Log.All, line => Assert.DoesNotContain("evil", line, StringComparison.Ordinal));
        Assert.Single(server.Log.Audit);
        using var alice = server.Client();
        using var page = await alice.SendAsync(HttpMethod.Post, RawClient.Initialize(), configure: request => request.Headers.Add("Origin", "https://evil.example"));
        Assert.Equal((HttpStatusCode.Forbidden, "application/json"), (page.StatusCode, page.Content.Headers.ContentType?.MediaType));
        if (frontDoor)
        {
            await ProblemAsync(await server.SendAsync(HttpMethod.Get, "nowhere", configure: request => request.Headers.Add("Origin", "https://evil.example")), HttpStatusCode.Forbidden);
        }
    }

    [Fact]
    public async Task What_clients_are_refused_is_logged_without_a_word_of_theirs()
    {
        await using var server = await AdministrationServer.StartAsync(services =>
        {
            services.Configure<SessionOptions>(o => o.MaxSessionsPerOwner = 1);
            services.Configure<SessionEndpointOptions>(o => o.MaxBodyBytes = 1024);
        });
        using var alice = await server.Client().OpenAsync();
        using var bob = new RawClient(new Uri(server.Url, "/mcp"), "bob") { SessionId = alice.SessionId };
        using var second = server.Client();
        using var nobody = server.Client("wrong-key");
        Assert.Equal(HttpStatusCode.NotFound, (await RawClient.ReadAsync(bob.SendAsync(HttpMethod.Post, RawClient.Call("add")))).Status);
        Assert.Equal(HttpStatusCode.TooManyRequests, (await RawClient.ReadAsync(second.SendAsync(HttpMethod.Post, RawClient.Initialize()))).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await RawClient.ReadAsync(nobody.SendAsync(HttpMethod.Post, RawClient.Initialize()))).Status);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, (await RawClient.ReadAsync(alice.SendAsync(HttpMethod.Post, RawClient.Call("note", $$"""{"text":"{{new string('x', 2000)}}"}""")))).Status);

        await server.Log.HasAsync($"2104 Information: Refused {Audited(new(Alice.Tenant, "bob"))} a POST: session {SessionFingerprint.Of(alice.SessionId!)} is unknown, over or somebody else's.");
        await server.Log.HasAsync($"2105 Information: Refused {Audited(Alice)} a POST: the limit MaxSessionsPerOwner is reached.");
        await server.Log.HasAsync("2101 Warning: Refused a POST without a valid credential.");
        await server.Log.HasAsync($"2106 Information: Refused {Audited(Alice)} a POST: the body is too large.");
        Assert.All(server.Log.All, line => Assert.DoesNotMatch($"wrong-key|xxxx|{alice.SessionId}", line));
    }

    [Fact]
    public async Task Where_the_store_is_away_it_says_so()
    {
        await using var server = await AdministrationServer.StartAsync(services => services.AddSingleton<Stateroom.Administration.ISessionDirectory, NoDirectory>());
        var answer = await server.SendAsync(HttpMethod.Get, "tenants/acme/sessions");

        await ProblemAsync(answer, HttpStatusCode.ServiceUnavailable);
        Assert.NotNull(answer.Response.Headers.RetryAfter);
        await server.Log.HasAsync("list sessions", "failed");
    }

    private static async Task<(HttpStatusCode Status, string Body)> StatusAsync(AdministrationServer server, HttpMethod method, string path)
    {
        var (status, body, _) = await server.SendAsync(method, path);
        return (status, body);
    }

    private static Task ProblemAsync((HttpStatusCode Status, string Body, HttpResponseMessage Response) answer, HttpStatusCode status)
    {
        Assert.True(answer.Status == status, $"{answer.Status}: {answer.Body}");
        Assert.Equal("application/problem+json", answer.Response.Content.Headers.ContentType?.MediaType);
        Assert.True(answer.Response.Headers.CacheControl?.NoStore);
        var problem = JsonNode.Parse(answer.Body)!;
        Assert.Equal(("about:blank", (int)status), ((string?)problem["type"], (int)problem["status"]!));
        Assert.NotEmpty((string)problem["title"]!);
        Assert.NotEmpty((string)problem["detail"]!);
        return Task.CompletedTask;
    }

    private sealed class NoDirectory : Stateroom.Administration.ISessionDirectory
    {
        public ValueTask<Stateroom.Administration.TenantPage> ListTenantsAsync(Stateroom.Administration.TenantRooms? after, int limit, CancellationToken cancellationToken) => throw new SessionStoreUnavailableException("gone");

        public ValueTask<Stateroom.Administration.SessionCount> CountSessionsAsync(Stateroom.Administration.TenantRooms tenant, CancellationToken cancellationToken) => throw new SessionStoreUnavailableException("gone");

        public ValueTask<Stateroom.Administration.SessionPage> ListSessionsAsync(Stateroom.Administration.SessionQuery query, CancellationToken cancellationToken) => throw new SessionStoreUnavailableException("gone");
    }
}
