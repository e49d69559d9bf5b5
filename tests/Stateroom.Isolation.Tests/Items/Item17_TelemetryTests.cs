using System.Net;
using Stateroom.Isolation.Tests.Support;

namespace Stateroom.Isolation.Tests.Items;

/// <summary>Item 17: logs and metrics hold no token, no raw session id, no argument and no owner.</summary>
public abstract class Item17_TelemetryTests(Servers servers)
{
    // Every text that the clients choose holds it.
    private const string Mark = "zq7mark";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Neither_logs_nor_metrics_hold_anything_that_callers_keep_to_themselves()
    {
        await using var cluster = await servers.StartAsync(
            Cluster.Weather, $"--Stateroom:ApiKeys:4:Key=key-{Mark}", "--Stateroom:ApiKeys:4:Tenant=loud-tenant", $"--Stateroom:ApiKeys:4:Owner=owner-{Mark}", "--Stateroom:MaxSessionsPerOwner=3");
        using var alice = await Servers.Here(cluster, $"key-{Mark}").OpenAsync();
        var secrets = new List<string> { Mark, alice.SessionId! };
        using var there = Servers.There(cluster, $"key-{Mark}", alice.SessionId);
        await there.SaveAsync($"city-{Mark}", $"label-{Mark}");
        await there.CallAsync("get_current_weather", $$"""{"city":"{{Mark}}"}""");
        await there.CallAsync($"tool-{Mark}");
        using (var call = await HeldCall.StartAsync(there, "get_current_weather", Rooms.AmbiguousCity, id: $"\"id-{Mark}\""))
        {
            secrets.Add(call.Question.Id!);
            secrets.Add((string)call.Question.Json["id"]!);
            await call.AnswerAsync(alice, $"answer-{Mark}", "city");
            await call.ReadTextAsync();
        }

        using var modern = Servers.There(cluster, $"key-{Mark}");
        var handle = await modern.OpenRoomAsync($"city-{Mark}");
        secrets.Add(handle);
        await modern.CallToolAsync("get_current_weather", new() { ["city"] = Mark, ["session"] = handle });
        using var mallory = Servers.There(cluster, $"wrong-{Mark}", alice.SessionId);
        Assert.Equal(HttpStatusCode.Unauthorized, (await Answer.OfAsync(mallory.SendAsync(HttpMethod.Delete))).Status);
        using var bob = Servers.There(cluster, "acme-bob", alice.SessionId);
        Assert.Equal(HttpStatusCode.NotFound, (await Answer.OfAsync(bob.SendAsync(HttpMethod.Get, (string?)null, $"{Mark}.1"))).Status);
        await modern.OpenRoomAsync("one more");
        Assert.Equal(HttpStatusCode.TooManyRequests, (await Answer.OfAsync(modern.SendAsync(HttpMethod.Post, RawClient.Initialize()))).Status);
        await Answer.OfAsync(modern.SendAsync(HttpMethod.Post, $$"""{"{{Mark}}":"""));
        await Answer.OfAsync(modern.SendAsync(HttpMethod.Post, RawClient.Initialize(), configure: request => request.Headers.TryAddWithoutValidation("Origin", $"https://{Mark}.example")));
        await Answer.OfAsync(alice.SendAsync(HttpMethod.Delete));

        foreach (var instance in cluster.Instances)
        {
            var metrics = await Metrics.ReadAsync(instance, Token);
            await instance.TerminateAsync(Token);
            Assert.Contains("Now listening", instance.Output, StringComparison.Ordinal);
            Assert.All(secrets, secret => Assert.DoesNotContain(secret, instance.Output + metrics, StringComparison.Ordinal));
        }

        Assert.Contains(cluster.Instances, instance => instance.Output.Contains("loud-tenant", StringComparison.Ordinal));
    }
}

[Collection(nameof(InProcess))]
public sealed class Item17_InProcess(InProcess servers) : Item17_TelemetryTests(servers);

[Collection(nameof(OnRedis))]
public sealed class Item17_OnRedis(OnRedis servers) : Item17_TelemetryTests(servers);
