using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using Stateroom.Server.Tests.Hosting;

namespace Stateroom.Server.Tests.Telemetry;

/// <summary>Who may read <c>/metrics</c>, and what else of telemetry the program's settings say.</summary>
public sealed class MetricsEndpointTests
{
    private static readonly string[] _keys = [.. Key(0, "client"), .. Key(1, "scraper", "stateroom:metrics"), .. Key(2, "admin", "stateroom:admin")];

    [Fact]
    public async Task In_production_metrics_are_for_the_scope_alone_and_the_log_is_json()
    {
        var (server, client) = await ServerProcess.StartAsync("Production", _keys);
        await using (server)
        using (client)
        {
            Assert.Equal(HttpStatusCode.Unauthorized, (await GetAsync(client)).Status);
            Assert.Equal(HttpStatusCode.Forbidden, (await GetAsync(client, "client")).Status);
            Assert.Equal(HttpStatusCode.OK, (await GetAsync(client, "admin")).Status);
            var (status, text) = await GetAsync(client, "scraper");
            Assert.Equal(HttpStatusCode.OK, status);
            Assert.Contains("# TYPE dotnet_process_memory_working_set_bytes gauge", text, StringComparison.Ordinal);
            await server.StopAsync();
            Assert.All(server.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries), line => System.Text.Json.JsonDocument.Parse(line).Dispose());
        }
    }

    [Fact]
    public async Task A_scraper_on_the_same_machine_may_where_the_setting_says_so_but_nobody_behind_a_proxy()
    {
        var (server, client) = await ServerProcess.StartAsync("Production", [.. _keys, "--Stateroom:MetricsAccess=Loopback"]);
        await using (server)
        using (client)
        {
            Assert.Equal(HttpStatusCode.OK, (await GetAsync(client)).Status);
            foreach (var header in (string[])["X-Forwarded-For", "X-Forwarded-Proto", "Forwarded", "Via", "X-Original-For"])
            {
                Assert.Equal(HttpStatusCode.Unauthorized, (await GetAsync(client, header: header)).Status);
            }
        }
    }

    [Theory]
    [InlineData("Anyone", HttpStatusCode.OK)]
    [InlineData("Off", HttpStatusCode.NotFound)]
    public async Task They_are_open_or_off_where_the_setting_says_so(string access, HttpStatusCode expected)
    {
        var (server, client) = await ServerProcess.StartAsync("Production", [.. _keys, $"--Stateroom:MetricsAccess={access}"]);
        await using (server)
        using (client)
        {
            Assert.Equal(expected, (await GetAsync(client, header: "X-Forwarded-For")).Status);
        }
    }

    [Fact]
    public async Task What_cannot_be_stops_the_start_and_says_what_can()
    {
        var (code, errors) = await ServerProcess.FailAsync("Production", [.. _keys, "--Stateroom:MaxMetricsTenants=5000", "--Stateroom:MetricsInterval=00:00:00"]);
        Assert.NotEqual(0, code);
        Assert.Contains("MaxMetricsTenants is 5000. Set it to 0 to 1000.", errors, StringComparison.Ordinal);
        Assert.Contains("MetricsInterval is 00:00:00. Set it to 00:00:01 to 01:00:00.", errors, StringComparison.Ordinal);
    }

    private static string[] Key(int index, string key, params string[] scopes) =>
    [
        $"--Stateroom:ApiKeys:{index}:KeyHash={Convert.ToHexStringLower(SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(key)))}",
        $"--Stateroom:ApiKeys:{index}:Tenant=acme",
        $"--Stateroom:ApiKeys:{index}:Owner={key}",
        .. scopes.Select((scope, i) => $"--Stateroom:ApiKeys:{index}:Scopes:{i}={scope}"),
    ];

    private static async Task<(HttpStatusCode Status, string Text)> GetAsync(HttpClient client, string? key = null, string? header = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "metrics");
        if (key is not null)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        }

        if (header is not null)
        {
            request.Headers.TryAddWithoutValidation(header, header == "Forwarded" ? "for=192.0.2.1" : "192.0.2.1");
        }

        using var response = await client.SendAsync(request, TestContext.Current.CancellationToken);
        return (response.StatusCode, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }
}
