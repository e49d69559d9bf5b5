using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using StackExchange.Redis;
using Stateroom.Isolation.Tests.Support;

namespace Stateroom.Isolation.Tests.Encryption;

/// <summary>Two instances that encrypt what they keep in a Redis that others can read.</summary>
public sealed class EncryptionTests : IDisposable
{
    private const string Marker = "QuietMarker";
    private const string Password = "certificate-password";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("stateroom-keys-");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Nothing_that_is_said_reaches_Redis_in_plain_text_unless_encryption_is_off(bool encrypted)
    {
        string[] settings = encrypted
            ? ["--Stateroom:EncryptAtRest=true", $"--Stateroom:KeyRing:Certificate:Path={WriteCertificate()}", $"--Stateroom:KeyRing:Certificate:Password={Password}"]
            : [];
        await using var cluster = await Cluster.StartAsync(Cluster.Weather, instances: 2, arguments: settings);
        await using var monitor = await RedisMonitor.StartAsync(cluster.Redis.Port, Token);
        using var here = new RawClient(cluster.A.Endpoint, "acme-alice");
        using (var opened = await here.SendAsync(HttpMethod.Post, RawClient.Initialize(capabilities: """{"elicitation":{}}""").Replace("\"raw\"", $"\"{Marker}\"", StringComparison.Ordinal)))
        {
            here.SessionId = opened.Headers.GetValues("Mcp-Session-Id").Single();
        }

        using var there = new RawClient(cluster.B.Endpoint, "acme-alice") { SessionId = here.SessionId };

        // State of both eras, a stream with progress, and a question that is asked here and answered there.
        await here.SaveAsync("Pune", label: Marker);
        Assert.Contains(Marker, await there.CallTextAsync("list_places"), StringComparison.Ordinal);
        using var modern = new RawClient(cluster.A.Endpoint, "acme-alice");
        var room = await modern.CallToolAsync("save_place", new() { ["label"] = Marker, ["city"] = "Pune" });
        Assert.NotNull(room["_meta"]!["stateroom/session"]);
        using (var stream = await here.StreamAsync(
            HttpMethod.Post, RawClient.Call("compare_cities", """{"cities":["Pune"]}""", id: $"\"{Marker}\"", meta: new JsonObject { ["progressToken"] = Marker }.ToJsonString())))
        {
            Assert.Contains(Marker, (await stream.ReadMessageAsync(Token)).Data, StringComparison.Ordinal);
            while (await stream.ReadAsync(Token) is not null)
            {
            }
        }

        using var call = await HeldCall.StartAsync(here, "get_current_weather", Rooms.AmbiguousCity);
        await call.AnswerAsync(there, Marker, "city");
        await call.Stream.ReadMessageAsync(Token);

        var dump = await DumpAsync(cluster.Redis.Port);
        Assert.NotEmpty(dump);
        Assert.Equal(encrypted, !dump.Contains(Marker, StringComparison.Ordinal));
        Assert.Equal(encrypted, !monitor.Heard.Contains(Marker, StringComparison.Ordinal));
        Assert.Contains("PUBLISH", monitor.Heard, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Sessions_whose_keys_are_gone_are_not_found_and_new_ones_are_served()
    {
        await using var cluster = await Cluster.StartAsync(
            Cluster.Weather, instances: 2, arguments: ["--Stateroom:EncryptAtRest=true", $"--Stateroom:KeyRing:Folder={_folder.FullName}"]);
        using var alice = await new RawClient(cluster.A.Endpoint, "acme-alice").OpenAsync();
        await alice.SaveAsync("Pune", label: Marker);
        using var there = new RawClient(cluster.B.Endpoint, "acme-alice") { SessionId = alice.SessionId };
        Assert.Contains(Marker, await there.CallTextAsync("list_places"), StringComparison.Ordinal);
        Assert.NotEmpty(_folder.GetFiles());

        foreach (var key in _folder.GetFiles())
        {
            key.Delete();
        }

        await cluster.B.KillAsync();
        await cluster.B.StartReadyAsync(Token);
        using var unknown = new RawClient(cluster.B.Endpoint, "acme-alice") { SessionId = Servers.Never };
        var never = await Answer.OfAsync(unknown.SendAsync(HttpMethod.Post, RawClient.Call("list_places")));
        Assert.Equal(HttpStatusCode.NotFound, never.Status);
        Assert.Equal(never, await Answer.OfAsync(there.SendAsync(HttpMethod.Post, RawClient.Call("list_places"))));
        await cluster.B.PrintsAsync("cannot be read", Token);
        Assert.DoesNotContain(alice.SessionId!, cluster.B.Output, StringComparison.Ordinal);

        using var anew = await new RawClient(cluster.B.Endpoint, "acme-alice").OpenAsync();
        await anew.SaveAsync("Pune", label: "home");
        Assert.Contains("home", await anew.CallTextAsync("list_places"), StringComparison.Ordinal);

        // Where the key is still known, nothing was lost.
        Assert.Contains(Marker, await alice.CallTextAsync("list_places"), StringComparison.Ordinal);
    }

    private string WriteCertificate()
    {
        using var key = RSA.Create(2048);
        using var certificate = new CertificateRequest("CN=stateroom test", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
            .CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        var path = Path.Combine(_folder.FullName, "keys.pfx");
        File.WriteAllBytes(path, certificate.Export(X509ContentType.Pkcs12, Password));
        return path;
    }

    /// <summary>Everything that Redis holds, names and values of every type.</summary>
    private static async Task<string> DumpAsync(int port)
    {
        await using var redis = await ConnectionMultiplexer.ConnectAsync($"127.0.0.1:{port}");
        var database = redis.GetDatabase();
        var all = new StringBuilder();
        await foreach (var key in redis.GetServers()[0].KeysAsync())
        {
            all.AppendLine(key.ToString());
            RedisValue[] values = await database.KeyTypeAsync(key) switch
            {
                RedisType.Hash => [.. (await database.HashGetAllAsync(key)).SelectMany(e => (RedisValue[])[e.Name, e.Value])],
                RedisType.String => [await database.StringGetAsync(key)],
                RedisType.List => await database.ListRangeAsync(key),
                RedisType.Set => await database.SetMembersAsync(key),
                RedisType.SortedSet => await database.SortedSetRangeByRankAsync(key),
                var other => throw new InvalidOperationException($"Nobody knows how to read {other}."),
            };
            foreach (var value in values)
            {
                all.AppendLine(Encoding.Latin1.GetString((byte[]?)value ?? []));
            }
        }

        return all.ToString();
    }
}
