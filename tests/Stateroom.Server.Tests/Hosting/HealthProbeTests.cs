using System.Diagnostics;
using Stateroom.Server.Hosting;

namespace Stateroom.Server.Tests.Hosting;

public sealed class HealthProbeTests
{
    [Theory]
    [InlineData("http://*:8080", "http://localhost:8080/health/ready")]
    [InlineData("http://+:8080", "http://localhost:8080/health/ready")]
    [InlineData("http://0.0.0.0:8080", "http://localhost:8080/health/ready")]
    [InlineData("http://[::]:8080", "http://localhost:8080/health/ready")]
    [InlineData("http://127.0.0.2:3000", "http://127.0.0.2:3000/health/ready")]
    [InlineData("http://[::1]:3000/base", "http://[::1]:3000/base/health/ready")]
    public void It_asks_where_the_server_can_be_reached_from_beside_it(string address, string expected) =>
        Assert.Equal(expected, HealthProbe.ReadinessOf(new ListenAddresses(address, IsHttps: false, IsLoopback: false)).AbsoluteUri);

    [Fact]
    public async Task It_says_by_its_exit_code_whether_the_server_is_ready()
    {
        var (server, client) = await ServerProcess.StartAsync("Development");
        await using (server)
        using (client)
        {
            // As a container's settings say it: by port or by address, in the environment.
            Assert.Equal(0, await ProbeAsync("ASPNETCORE_HTTP_PORTS", $"{client.BaseAddress!.Port}"));
            Assert.Equal(0, await ProbeAsync("ASPNETCORE_URLS", $"http://*:{client.BaseAddress.Port}"));
            await server.StopAsync();
            Assert.Equal(1, await ProbeAsync("ASPNETCORE_HTTP_PORTS", $"{client.BaseAddress.Port}"));
        }

        Assert.Equal(1, await ProbeAsync("ASPNETCORE_URLS", "https://*:8443"));
    }

    private static async Task<int> ProbeAsync(string name, string value)
    {
        using var probe = Process.Start(new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "Stateroom.Server.dll"), "probe"])
        {
            Environment = { [name] = value },
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var output = probe.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var errors = probe.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await probe.WaitForExitAsync(TestContext.Current.CancellationToken);
        TestContext.Current.TestOutputHelper?.WriteLine($"{await output}{await errors}");
        return probe.ExitCode;
    }
}
