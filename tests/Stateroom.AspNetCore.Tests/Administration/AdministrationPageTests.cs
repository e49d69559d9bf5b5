using System.Net;
using Microsoft.Extensions.DependencyInjection;

namespace Stateroom.AspNetCore.Tests.Administration;

/// <summary>How the page for browsers is served. What it does in one is tested end to end.</summary>
public sealed class AdministrationPageTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("", "text/html")]
    [InlineData("page.css", "text/css")]
    [InlineData("page.js", "text/javascript")]
    [InlineData("theme.js", "text/javascript")]
    [InlineData("icon.svg", "image/svg+xml")]
    public async Task Anybody_may_load_its_files_which_hold_no_data_and_may_do_little(string file, string type)
    {
        await using var server = await AdministrationServer.StartAsync();
        using var alice = await server.Client().OpenAsync();

        var (status, body, response) = await server.SendAsync(HttpMethod.Get, file, key: null);

        Assert.Equal((HttpStatusCode.OK, type), (status, response.Content.Headers.ContentType?.MediaType));
        Assert.DoesNotContain("acme", body, StringComparison.Ordinal);
        Assert.Equal("nosniff", response.Headers.GetValues("X-Content-Type-Options").Single());
        var policy = response.Headers.GetValues("Content-Security-Policy").Single();
        Assert.All(
            (string[])["default-src 'none'", "script-src 'self'", "style-src 'self'", "connect-src 'self'", "frame-ancestors 'none'", "form-action 'none'", "base-uri 'none'"],
            rule => Assert.Contains(rule, policy, StringComparison.Ordinal));
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);

        var again = await server.SendAsync(HttpMethod.Get, file, key: null, request => request.Headers.IfNoneMatch.Add(response.Headers.ETag!));
        Assert.Equal((HttpStatusCode.NotModified, ""), (again.Status, again.Body));
        Assert.Equal(HttpStatusCode.OK, (await server.SendAsync(HttpMethod.Head, file, key: null)).Status);
    }

    [Fact]
    public async Task Every_file_that_the_page_names_is_there_and_nothing_is_inline_or_from_elsewhere()
    {
        await using var server = await AdministrationServer.StartAsync();
        var index = (await server.SendAsync(HttpMethod.Get, "", key: null)).Body;

        var named = System.Text.RegularExpressions.Regex.Matches(index, "(?:src|href)=\"([^\"]*)\"").Select(m => m.Groups[1].Value).Distinct().ToList();

        Assert.NotEmpty(named);
        Assert.DoesNotMatch("<style|<script>|style=|\\son[a-z]+=|https?:", index);
        foreach (var file in named)
        {
            Assert.Equal(HttpStatusCode.OK, (await server.SendAsync(HttpMethod.Get, file, key: null)).Status);
        }
    }

    [Fact]
    public async Task A_path_without_its_slash_leads_to_the_one_with_it()
    {
        await using var server = await AdministrationServer.StartAsync();
        using var http = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false });

        using var answer = await http.GetAsync(new Uri(server.Url, "/admin"), Cancellation);

        Assert.Equal((HttpStatusCode.PermanentRedirect, "./admin/"), (answer.StatusCode, answer.Headers.Location?.OriginalString));
    }

    [Fact]
    public async Task It_can_be_left_out()
    {
        await using var server = await AdministrationServer.StartAsync(services => services.Configure<SessionEndpointOptions>(o => o.AdministrationPage = false));

        Assert.Equal(HttpStatusCode.NotFound, (await server.SendAsync(HttpMethod.Get, "")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await server.SendAsync(HttpMethod.Get, "page.js")).Status);
        Assert.Equal(HttpStatusCode.OK, (await server.SendAsync(HttpMethod.Get, "tenants")).Status);
    }

    [Fact]
    public async Task A_host_that_was_not_named_is_refused_and_an_own_page_may_end_sessions_under_one_that_was()
    {
        await using var server = await AdministrationServer.StartAsync(services => services.Configure<SessionEndpointOptions>(o => o.AllowedHosts.Add("mcp.example")));

        Assert.Equal(HttpStatusCode.OK, (await EndAsync("mcp.example:8443", "https://mcp.example:8443")).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await EndAsync("mcp.example:8443", "https://mcp.example")).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await EndAsync("mcp.example", "https://other.mcp.example")).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await EndAsync("evil.example", "https://evil.example")).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await server.SendAsync(HttpMethod.Get, "", key: null, request => request.Headers.Host = "evil.example")).Status);

        Task<(HttpStatusCode Status, string Body, HttpResponseMessage Response)> EndAsync(string host, string origin) =>
            server.SendAsync(HttpMethod.Delete, "tenants/acme/sessions?confirm=all", configure: request =>
            {
                request.Headers.Host = host;
                request.Headers.Add("Origin", origin);
            });
    }
}
