using System.Net;
using Stateroom.Isolation.Tests.Support;

namespace Stateroom.Isolation.Tests.Items;

/// <summary>Item 18: a tool that calls another service does so in the server's own name; nothing that the caller is known by leaves.</summary>
public abstract class Item18_UpstreamTests(Servers servers)
{
    [Fact]
    public async Task Nothing_of_the_caller_s_credential_or_session_reaches_the_service_that_a_tool_calls()
    {
        await using var upstream = new Upstream();
        await using var cluster = await servers.StartAsync(
            Cluster.Weather,
            "--Weather:Provider=OpenMeteo",
            $"--Weather:OpenMeteo:GeocodingUrl={upstream.Address}v1/search",
            $"--Weather:OpenMeteo:ForecastUrl={upstream.Address}v1/forecast");
        using var alice = await Servers.Here(cluster).OpenAsync();

        var weather = await Answer.OfAsync(alice.SendAsync(HttpMethod.Post, RawClient.Call("get_current_weather", """{"city":"Pune"}"""), configure: Adorn));
        using var modern = Servers.There(cluster);
        var handle = await modern.OpenRoomAsync("Secretville");
        var modernWeather = await Answer.OfToolAsync(modern, "get_current_weather", new() { ["city"] = "Tokyo", ["session"] = handle }, Adorn);

        Assert.Equal(HttpStatusCode.OK, weather.Status);
        Assert.Contains("Pune", weather.Body, StringComparison.Ordinal);
        Assert.Contains("26.4", modernWeather.Body, StringComparison.Ordinal);
        var sent = string.Join('\n', upstream.Requests);
        Assert.InRange(upstream.Requests.Count, 4, 20);
        string[] secrets = ["acme", "alice", "Authorization", "Bearer", "Cookie", "Mcp-", "biscuit", "adornment", alice.SessionId!, handle, "Secretville"];
        Assert.All(secrets, secret => Assert.DoesNotContain(secret, sent, StringComparison.OrdinalIgnoreCase));
    }

    private static void Adorn(HttpRequestMessage request)
    {
        request.Headers.Add("Cookie", "session=biscuit");
        request.Headers.Add("X-Adornment", "adornment");
        request.Headers.Add("baggage", "who=adornment");
    }
}

[Collection(nameof(InProcess))]
public sealed class Item18_InProcess(InProcess servers) : Item18_UpstreamTests(servers);

[Collection(nameof(OnRedis))]
public sealed class Item18_OnRedis(OnRedis servers) : Item18_UpstreamTests(servers);
