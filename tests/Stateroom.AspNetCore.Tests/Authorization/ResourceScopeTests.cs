using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using ModelContextProtocol.Server;
using Stateroom.AspNetCore.Authorization;
using Stateroom.AspNetCore.Tests.Support;

namespace Stateroom.AspNetCore.Tests.Authorization;

/// <summary>A client chooses how it spells a URI; which rule holds for it must not depend on that.</summary>
public class ResourceScopeTests
{
    private static Task<SessionServer> StartAsync(string resource) => SessionServer.StartAsync(
        services => services.Configure<ScopeOptions>(options => options.Scopes.Add(new() { Resource = resource, Scope = "menu:read" })),
        mcp => mcp.WithResources<Menu>());

    [Theory]
    [InlineData("menu://today/card")]
    [InlineData("MENU://today/card")]
    [InlineData("menu://TODAY/card")]
    public async Task A_resource_needs_its_scope_under_every_spelling(string uri)
    {
        await using var server = await StartAsync("menu://today/card");
        using var client = await server.Client().OpenAsync();
        using var response = await client.SendAsync(HttpMethod.Post, $$$"""{"jsonrpc":"2.0","id":1,"method":"resources/read","params":{"uri":"{{{uri}}}"}}""");
        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
    }

    [Fact]
    public async Task A_rule_that_other_spellings_would_get_around_stops_the_start()
    {
        var fault = await Assert.ThrowsAsync<OptionsValidationException>(() => StartAsync("room://pune"));
        Assert.Contains("room://{name}", fault.Message, StringComparison.Ordinal);
    }

    private sealed class Menu
    {
        [McpServerResource(UriTemplate = "menu://today/card", Name = "menu")]
        public static string Read() => "soup";
    }
}
