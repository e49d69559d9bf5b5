using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using Stateroom.AspNetCore.Endpoint;

namespace Stateroom.AspNetCore.Tests;

public sealed class FrontDoorTests
{
    [Theory]
    [InlineData("127.0.0.1", "localhost:3000", true)]
    [InlineData("127.0.0.1", "LOCALHOST", true)]
    [InlineData("127.0.0.1", "127.0.0.1:3000", true)]
    [InlineData("::1", "[::1]:3000", true)]
    [InlineData("127.0.0.1", "mcp.example", true)]
    [InlineData("127.0.0.1", "MCP.example:443", true)]
    [InlineData("127.0.0.1", "a.b.wild.example", true)]
    [InlineData("127.0.0.1", "wild.example", false)]
    [InlineData("127.0.0.1", "evilwild.example", false)]
    [InlineData("127.0.0.1", "mcp.example.evil", false)]
    [InlineData("127.0.0.1", "evil.example", false)]
    [InlineData("127.0.0.1", "localhost.evil.example", false)]
    [InlineData("127.0.0.1", "", false)]
    [InlineData("192.0.2.1", "mcp.example", true)]
    [InlineData("192.0.2.1", "localhost", true)]
    [InlineData("192.0.2.1", "evil.example", false)]
    [InlineData("192.0.2.1", "192.0.2.1:8080", true)]
    [InlineData("::ffff:192.0.2.1", "192.0.2.1", true)]
    [InlineData("2001:db8::1", "[2001:db8::1]:8080", true)]
    [InlineData("192.0.2.1", "192.0.2.2", false)]
    [InlineData("192.0.2.1", "", false)]
    public void A_host_is_let_in_under_the_names_that_are_known(string reached, string host, bool allowed) =>
        Assert.Equal(allowed, Door("mcp.example", "*.wild.example").FindObjection(Request(reached, host)) is null);

    [Theory]
    [InlineData("192.0.2.1", "any.example", true)]
    [InlineData("127.0.0.1", "any.example", false)]
    public void Without_names_a_host_is_checked_on_loopback_addresses(string reached, string host, bool allowed) =>
        Assert.Equal(allowed, Door().FindObjection(Request(reached, host)) is null);

    [Theory]
    [InlineData(null, true)]
    [InlineData("https://app.example", true)]
    [InlineData("HTTPS://APP.example", true)]
    [InlineData("http://localhost:8080", true)]
    [InlineData("http://127.0.0.1", true)]
    [InlineData("null", false)]
    [InlineData("", false)]
    [InlineData("http://app.example", false)]
    [InlineData("https://app.example:8443", false)]
    [InlineData("https://app.example.evil", false)]
    [InlineData("https://localhost.evil", false)]
    [InlineData("file://localhost", false)]
    [InlineData("https://app.example,https://evil.example", false)]
    public void An_origin_is_let_in_if_it_is_named_or_of_this_machine(string? origin, bool allowed)
    {
        var request = Request("127.0.0.1", "localhost");
        if (origin is not null)
        {
            request.Request.Headers.Origin = origin;
        }

        Assert.Equal(allowed, Door().FindObjection(request) is null);
    }

    [Fact]
    public void Who_was_let_in_is_not_looked_at_again_and_who_was_not_is()
    {
        var (door, welcome, stranger) = (Door("mcp.example"), Request("192.0.2.1", "mcp.example"), Request("192.0.2.1", "evil.example"));
        Assert.Null(door.FindObjection(welcome));
        welcome.Request.Host = new HostString("changed.behind.the.door");
        Assert.Null(door.FindObjection(welcome));
        Assert.NotNull(door.FindObjection(stranger));
        Assert.NotNull(door.FindObjection(stranger));
    }

    [Theory]
    [InlineData("*")]
    [InlineData("*.")]
    [InlineData("https://mcp.example")]
    [InlineData("a b")]
    public void A_host_that_is_none_or_every_one_is_refused_at_the_start(string host)
    {
        var options = new SessionEndpointOptions { AllowedHosts = { host } };

        Assert.Contains($"AllowedHosts holds '{host}'", new SessionEndpointOptionsValidator().Validate(null, options).FailureMessage, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("*")]
    [InlineData("null")]
    [InlineData("https://*.example")]
    [InlineData("app.example")]
    public void An_origin_that_is_none_or_every_one_is_refused_at_the_start(string origin)
    {
        var options = new SessionEndpointOptions { AllowedOrigins = { origin } };

        Assert.Contains($"AllowedOrigins holds '{origin}'", new SessionEndpointOptionsValidator().Validate(null, options).FailureMessage, StringComparison.Ordinal);
    }

    private static FrontDoor Door(params string[] hosts)
    {
        var options = new SessionEndpointOptions { AllowedOrigins = { "https://app.example" } };
        Array.ForEach(hosts, options.AllowedHosts.Add);
        return new(Options.Create(options));
    }

    private static DefaultHttpContext Request(string reached, string host)
    {
        var context = new DefaultHttpContext { Connection = { LocalIpAddress = IPAddress.Parse(reached) } };
        context.Request.Host = new HostString(host);
        return context;
    }
}
