using System.Net;
using System.Net.Sockets;

namespace Stateroom.Server.Tests.Hosting;

public sealed class StartTests
{
    [Fact]
    public async Task Outside_development_it_does_not_start_without_authentication()
    {
        var (code, errors) = await ServerProcess.FailAsync("Production");
        Assert.Equal(2, code);
        Assert.Contains("Stateroom:ApiKeys", errors, StringComparison.Ordinal);
        Assert.Contains("Stateroom:Jwt", errors, StringComparison.Ordinal);
        Assert.Contains("Stateroom:AllowAnonymous=true", errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_wrong_setting_is_named_with_its_fix()
    {
        var (code, errors) = await ServerProcess.FailAsync(
            "Production",
            "--Stateroom:IdleTimeout=30",
            "--Stateroom:MaxStateBytes=many",
            "--Stateroom:ApiKeys:0:Key=plain-secret",
            "--Weather:Provider=Crystal",
            "--Weather:OpenMeteo:Timeout=00:05:00");
        Assert.Equal(2, code);
        Assert.Contains("Stateroom:IdleTimeout is '30'. Give a time as hh:mm:ss, with days as d.hh:mm:ss.", errors, StringComparison.Ordinal);
        Assert.Contains("Stateroom:MaxStateBytes is 'many'. Give a whole number in digits.", errors, StringComparison.Ordinal);
        Assert.Contains("Stateroom:ApiKeys:0:Key is a plain key", errors, StringComparison.Ordinal);
        Assert.Contains("Weather:Provider is 'Crystal'. Give OpenMeteo or Sample.", errors, StringComparison.Ordinal);
        Assert.DoesNotContain("plain-secret", errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--Stateroom:IdleTimeout=", "Stateroom:IdleTimeout is empty. Give a time as hh:mm:ss, with days as d.hh:mm:ss, or leave it out.")]
    [InlineData("--Stateroom:IdleTimeout=24:00:00", "Stateroom:IdleTimeout is '24:00:00'. Give a time as hh:mm:ss, with days as d.hh:mm:ss.")]
    [InlineData("--Stateroom:MaxSessionsPerOwner=0", "  - Stateroom:MaxSessionsPerOwner is 0.")]
    [InlineData("--Stateroom:RequestRatePerOwner=-1", "  - Stateroom:RequestRatePerOwner is -1. Set it to at least 0, where 0 is no limit.")]
    [InlineData("--Stateroom:MaxHeaderBytes=10", "  - Stateroom:MaxHeaderBytes is out of range.")]
    [InlineData("--Stateroom:Tenants:0:MaxCallsPerOwner=1", "  - Stateroom:Tenants:0:Tenant has 0 characters. Give the tenant's name,")]
    [InlineData("--Stateroom:Tenants:0:MaxCallsPerOwner=many", "Stateroom:Tenants:0:MaxCallsPerOwner is 'many'. Give a whole number in digits.")]
    [InlineData("--Stateroom:Tenants:0:MaxSessions=1", "There is no setting Stateroom:Tenants:0:MaxSessions.")]
    [InlineData("--Stateroom:StreamAfter=00:00:00", "  - Stateroom:StreamAfter is 00:00:00;")]
    [InlineData("--Stateroom:KeepAliveInterval=60.00:00:00", "  - Stateroom:KeepAliveInterval is 60.00:00:00;")]
    [InlineData("--Stateroom:IdelTimeout=00:05:00", "There is no setting Stateroom:IdelTimeout. Check its name. There are AbsoluteLifetime,")]
    [InlineData("--Weather:OpenMeteo:Url=http://localhost", "There is no setting Weather:OpenMeteo:Url. Check its name. There are ForecastUrl, GeocodingUrl, Timeout.")]
    [InlineData("--Stateroom:ApiKeys:0:Hash=secret", "There is no setting Stateroom:ApiKeys:0:Hash.")]
    [InlineData("--Stateroom:ApiKeys=secret", "Stateroom:ApiKeys is a list. Give its items as Stateroom:ApiKeys:0, Stateroom:ApiKeys:1 and so on.")]
    [InlineData("--Stateroom:AllowedOrigins=https://app.example", "Stateroom:AllowedOrigins is a list. Give its items as Stateroom:AllowedOrigins:0,")]
    [InlineData("--Stateroom:AllowedHosts=mcp.example", "Stateroom:AllowedHosts is a list. Give its items as Stateroom:AllowedHosts:0,")]
    [InlineData("--Weather:OpenMeteo=http://localhost", "Weather:OpenMeteo is no setting by itself. Give Weather:OpenMeteo:GeocodingUrl and the like.")]
    [InlineData("--Stateroom:MaxStateBytes:0=1", "Stateroom:MaxStateBytes has no parts.")]
    public async Task A_setting_that_would_not_do_what_is_meant_stops_the_start(string argument, string fault)
    {
        var (code, errors) = await ServerProcess.FailAsync("Development", argument);
        Assert.Equal(2, code);
        Assert.Contains(fault, errors, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Settings_that_are_right_are_taken()
    {
        var (server, client) = await ServerProcess.StartAsync(
            "Development",
            "--Stateroom:IdleTimeout=1.00:00:00",
            "--Stateroom:absolutelifetime=",
            "--Stateroom:StreamAfter=00:00:00.25",
            "--Stateroom:AllowedOrigins:0=https://app.example",
            "--Weather:OpenMeteo:Timeout=0:00:05");
        await using (server)
        using (client)
        {
            Assert.Equal("Healthy", await client.GetStringAsync("health/ready", TestContext.Current.CancellationToken));
        }
    }

    [Theory]
    [InlineData("foo", "'foo'")]
    [InlineData("http://localhost:99999", "port")]
    [InlineData("http://localhost:0", "Dynamic port binding")]
    [InlineData("http://127.0.0.1:0/path", "path base")]
    [InlineData("ftp://127.0.0.1:0", "ftp")]
    [InlineData("http://192.0.2.1:4000", "address")]
    public async Task An_address_that_nobody_can_listen_on_is_told_in_one_line(string address, string fault)
    {
        var (code, errors, output) = await ServerProcess.FailAloudAsync("Development", "--urls", address);
        Assert.Equal(2, code);
        Assert.Contains(fault, AddressFault(errors), StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_port_that_is_taken_is_named()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var address = $"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}";

        var (code, errors, output) = await ServerProcess.FailAloudAsync("Development", "--urls", address);

        Assert.Equal(2, code);
        Assert.Contains($"{address}: address already in use.", AddressFault(errors), StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", output, StringComparison.Ordinal);
    }

    private static string AddressFault(string errors)
    {
        var fault = Assert.Single(errors.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Skip(1));
        Assert.EndsWith("Give another address with --urls, for instance --urls http://localhost:3001.", fault, StringComparison.Ordinal);
        return fault;
    }
}
