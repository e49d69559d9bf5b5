using System.Text.Json.Nodes;
using Stateroom.Shipping.Tests.Image;
using Stateroom.Shipping.Tests.Support;

namespace Stateroom.Shipping.Tests.Deploy;

/// <summary>deploy/compose.yaml, and what it says done with containers of the image, and with processes in the place of those of Redis and nginx.</summary>
[Collection(SharedImage.Name)]
public sealed class ComposeTests(ImageFixture image)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task No_container_may_write_or_is_roots_and_each_tells_its_health()
    {
        var compose = await ReadAsync();

        Assert.Equal(["nginx", "redis", "server1", "server2", "server3"], Services(compose).Select(s => s.Key).Order(StringComparer.Ordinal));
        foreach (var (name, service) in Services(compose))
        {
            Assert.True((bool)service!["read_only"]!, name);
            Assert.Equal("""["ALL"]""", service["cap_drop"]!.ToJsonString());
            Assert.Equal("""["no-new-privileges:true"]""", service["security_opt"]!.ToJsonString());
            Assert.True(int.Parse(((string)service["user"]!).Split(':')[0], null) > 0, name);
            Assert.NotNull(service["healthcheck"]!["test"]);
        }
    }

    [Fact]
    public async Task Its_servers_are_the_images()
    {
        var compose = await ReadAsync();

        foreach (var (_, server) in Servers(compose))
        {
            Assert.Equal(Dockerfile.Final.The("USER"), (string)server!["user"]!);
            Assert.Equal(Dockerfile.Final.The("EXPOSE"), (string)server["environment"]!["ASPNETCORE_HTTP_PORTS"]!);
            Assert.EndsWith($"CMD {server["healthcheck"]!["test"]!.ToJsonString().Replace("\"CMD\",", "", StringComparison.Ordinal).Replace(",", ", ", StringComparison.Ordinal)}", Dockerfile.Final.The("HEALTHCHECK"), StringComparison.Ordinal);
            Assert.True(Grace(server) > new Microsoft.Extensions.Hosting.HostOptions().ShutdownTimeout);
            Assert.True(TimeSpan.Parse((string)server["environment"]!["Stateroom__CallDrainTime"]!, null) < new Microsoft.Extensions.Hosting.HostOptions().ShutdownTimeout);
        }
    }

    /// <summary>Secrets made by the lines of docs/deploy.md, redis-server and nginx started as the file says, three servers with its settings: a session lives at all of them.</summary>
    [Fact]
    public async Task What_it_starts_serves_sessions_at_any_server()
    {
        var compose = await ReadAsync();
        using var folder = new TemporaryFolder();
        var key = await MakeSecretsAsync(folder);
        foreach (var (name, secret) in compose["secrets"]!.AsObject())
        {
            Assert.True(File.Exists(folder.At("deploy", (string)secret!["file"]!)), name);
        }

        var redisPort = LoopbackPort.Next();
        await using var redis = await StartRedisAsync(compose, folder, redisPort);
        var servers = new List<ContainerProcess>();
        try
        {
            foreach (var (name, server) in Servers(compose))
            {
                servers.Add(await ContainerProcess.StartAsync(image, Settings(server!), await SecretsAsync(name, server!, folder, redisPort)));
            }

            await using var nginx = await StartNginxAsync(compose, folder, servers);
            using var client = await new RawClient(new Uri($"http://127.0.0.1:{nginx.Port}/mcp"), key).OpenAsync();
            for (var i = 1; i <= 6; i++)
            {
                Assert.Contains($"\"label\":\"place-{i}\"", await client.CallTextAsync("save_place", $$"""{"label":"place-{{i}}","city":"Pune"}"""), StringComparison.Ordinal);
            }

            // Each server by itself knows what was done through the others.
            foreach (var server in servers)
            {
                using var direct = new RawClient(new Uri(server.Address, "/mcp"), key) { SessionId = client.SessionId };
                Assert.Contains("place-6", await direct.CallTextAsync("list_places"), StringComparison.Ordinal);
                Assert.Equal(0, await server.CheckHealthAsync());
            }
        }
        finally
        {
            await Task.WhenAll(servers.Select(s => s.DisposeAsync().AsTask()));
        }
    }

    private static async Task<JsonObject> ReadAsync() => Assert.Single(await DeployFile.ReadAsync("compose", DeployFile.PathOf("compose.yaml")))!.AsObject();

    private static JsonObject Services(JsonObject compose) => compose["services"]!.AsObject();

    private static List<KeyValuePair<string, JsonNode?>> Servers(JsonObject compose) => [.. Services(compose).Where(s => s.Key.StartsWith("server", StringComparison.Ordinal))];

    private static TimeSpan Grace(JsonNode server) => TimeSpan.FromSeconds(int.Parse(((string)server["stop_grace_period"]!).TrimEnd('s'), null));

    /// <summary>Runs the lines of docs/deploy.md that make the secrets.</summary>
    /// <returns>The key that they print.</returns>
    private static async Task<string> MakeSecretsAsync(TemporaryFolder folder)
    {
        Directory.CreateDirectory(folder.At("deploy"));
        var lines = Page.Blocks("docs/deploy.md", "bash").Single(block => block.Contains("secrets/redis.conf", StringComparison.Ordinal));
        var output = await Command.RunAsync(folder.Path, "bash", ["-euo", "pipefail", "-c", lines]);
        return output.Split('\n')[^1].Split(' ')[^1];
    }

    private static async Task<ChildProcess> StartRedisAsync(JsonObject compose, TemporaryFolder folder, int port)
    {
        var service = Services(compose)["redis"]!;
        var secrets = service["secrets"]!.AsArray().Select(s => (string)s!);
        var words = service["command"]!.AsArray().Select(word => (string)word!).ToList();
        Assert.Contains(words[1], secrets.Select(s => $"/run/secrets/{s}"));
        Directory.CreateDirectory(folder.At("data"));
        var arguments = words.Skip(1).Select(word => word
            .Replace("/run/secrets", folder.At("deploy", "secrets"), StringComparison.Ordinal)
            .Replace("/data", folder.At("data"), StringComparison.Ordinal));
        var redis = ChildProcess.Start(words[0], [.. arguments, "--bind", "127.0.0.1", "--port", $"{port}"], folder.Path);
        await LoopbackPort.WaitAsync(port, redis, Token);
        var ping = service["healthcheck"]!["test"]!.AsArray().Select(word => (string)word!).Skip(1).ToList();
        Assert.Contains("NOAUTH", await Command.RunAsync(folder.Path, ping[0], ["-p", $"{port}", .. ping[1..]]), StringComparison.Ordinal);
        return redis;
    }

    private static Dictionary<string, string> Settings(JsonNode server) =>
        new(server["environment"]!.AsObject().ToDictionary(e => e.Key, e => (string)e.Value!)) { ["Weather__Provider"] = "Sample" };

    /// <summary>The secrets of a container, with the address of Redis on this machine.</summary>
    /// <returns>The folder that holds them.</returns>
    private static async Task<string> SecretsAsync(string name, JsonNode server, TemporaryFolder folder, int redisPort)
    {
        Assert.Equal("/run/secrets", Settings(server)["Stateroom__SecretsFolder"]);
        Directory.CreateDirectory(folder.At(name));
        foreach (var secret in server["secrets"]!.AsArray().Select(s => (string)s!))
        {
            var value = await File.ReadAllTextAsync(folder.At("deploy", "secrets", secret), Token);
            await File.WriteAllTextAsync(folder.At(name, secret), value.Replace("redis:6379", $"127.0.0.1:{redisPort}", StringComparison.Ordinal), Token);
        }

        return folder.At(name);
    }

    private static async Task<RunningNginx> StartNginxAsync(JsonObject compose, TemporaryFolder folder, List<ContainerProcess> servers)
    {
        var service = Services(compose)["nginx"]!;
        var mount = ((string)service["volumes"]![0]!).Split(':');
        var port = LoopbackPort.Next();
        Directory.CreateDirectory(folder.At("nginx"));
        var script = ((string)service["command"]![0]!).Split("exec nginx", 2);

        // First the file is made as in the container, then its addresses are those of this machine.
        var make = script[0].Replace("/tmp/", folder.At("nginx") + "/", StringComparison.Ordinal).Replace(mount[1], DeployFile.PathOf(mount[0]), StringComparison.Ordinal);
        await Command.RunAsync(folder.Path, "/bin/sh", ["-ec", make]);
        var file = folder.At("nginx", "nginx.conf");
        var text = await File.ReadAllTextAsync(file, Token);
        var target = ((string)service["ports"]![0]!).Split(':')[^1];
        Assert.Contains($"listen {target};", text, StringComparison.Ordinal);
        text = text.Replace($"listen {target};", $"listen 127.0.0.1:{port};", StringComparison.Ordinal);
        foreach (var ((name, server), process) in Servers(compose).Zip(servers))
        {
            var address = $"{(string)server!["networks"]!["front"]!["ipv4_address"]!}:{(string)server["environment"]!["ASPNETCORE_HTTP_PORTS"]!}";
            Assert.Contains($"server {address} ", text, StringComparison.Ordinal);
            text = text.Replace($"server {address} ", $"server 127.0.0.1:{process.Port} ", StringComparison.Ordinal);
        }

        await File.WriteAllTextAsync(file, text, Token);

        // Where nginx starts as root its workers are somebody else, who must reach the temporary files.
        var arguments = script[1].Trim().Replace("/tmp", folder.At("nginx"), StringComparison.Ordinal);
        var nginx = ChildProcess.Start("/bin/sh", ["-ec", $"exec nginx {arguments}"], folder.Path);
        await LoopbackPort.WaitAsync(port, nginx, Token);
        return new RunningNginx(nginx, port);
    }

    /// <summary>nginx, which ends its workers when it is asked to end.</summary>
    private sealed record RunningNginx(ChildProcess Process, int Port) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            await Process.StopAsync(CancellationToken.None);
            await Process.DisposeAsync();
        }
    }
}
