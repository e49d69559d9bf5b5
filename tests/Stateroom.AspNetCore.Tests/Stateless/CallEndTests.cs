using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Net;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Stateroom.AspNetCore.Diagnostics;
using Stateroom.AspNetCore.Tests.Authentication;
using Stateroom.AspNetCore.Tests.Support;
using Stateroom.Limits;

namespace Stateroom.AspNetCore.Tests.Stateless;

/// <summary>What else comes to its end with a call, and who hears of it.</summary>
public sealed class CallEndTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(CallWay.Direct, "says")]
    [InlineData(CallWay.ServerThatIsUp, "says")]
    [InlineData(CallWay.SdkEndpoint, "says")]
    [InlineData(CallWay.Direct, "answers")]
    [InlineData(CallWay.ServerThatIsUp, "answers")]
    [InlineData(CallWay.Direct, "throws")]
    [InlineData(CallWay.ServerThatIsUp, "throws")]
    public async Task Nothing_is_told_to_a_client_whose_credential_has_expired(CallWay way, string then)
    {
        await using var server = await ResourceServer.StartAsync(mcp: mcp => mcp.RunCalls(way).WithTools<OddTools>());
        using var response = await server.StatelessAsync(server.Token(), "tools/call", Unheeding(then));
        using var stream = new SseReader(response);
        Assert.Equal("notifications/first", (string?)(await stream.ReadMessageAsync(Cancellation)).Json["method"]);

        // The credential expires, and then its call has had the time to end by itself.
        server.Time.Advance(TimeSpan.FromMinutes(5) + TimeSpan.FromSeconds(30));
        server.Time.Advance(TimeSpan.FromSeconds(30));
        await server.Gates.ReachedAsync("cancelled");
        server.Gates.Open("more");

        var told = await stream.ReadAsync(Cancellation);
        Assert.True(told is null, told?.Data);
    }

    [Theory]
    [InlineData(CallWay.Direct)]
    [InlineData(CallWay.ServerThatIsUp)]
    public async Task A_call_whose_client_has_gone_is_recorded_as_cancelled(CallWay way)
    {
        await using var server = await SessionServer.StartAsync(null, mcp => mcp.RunCalls(way).WithTools<OddTools>());
        using var durations = new Durations(server.Services);
        using (var leaving = server.Client())
        {
            using var begun = await leaving.SendStatelessAsync("tools/call", Unheeding("answers"));
            await server.Gates.ReachedAsync("more");
        }

        await server.Gates.ReachedAsync("cancelled");
        server.Gates.Open("more");
        await server.QuietAsync();
        Assert.Equal(["unheeding cancelled "], durations.Recorded);
    }

    [Theory]
    [InlineData(CallWay.Direct)]
    [InlineData(CallWay.ServerThatIsUp)]
    public async Task How_a_call_ended_is_recorded(CallWay way)
    {
        await using var server = await SessionServer.StartAsync(null, mcp => mcp.RunCalls(way).WithTools<OddTools>());
        using var durations = new Durations(server.Services);
        using var client = server.Client();
        foreach (var tool in (string[])["fine", "throws_at_once", "asks_for_a_visit", "unwritable", "misses_capability"])
        {
            using var response = await client.SendStatelessAsync("tools/call", new() { ["name"] = tool });
            await RawClient.ReadResponseAsync(response);
            await server.QuietAsync();
        }

        Assert.Equal(
            ["fine  ", "throws_at_once tool_error ", "asks_for_a_visit -32042 -32042", "unwritable -32603 -32603", "misses_capability -32021 -32021"],
            durations.Recorded);
    }

    [Fact]
    public async Task The_place_of_a_call_is_free_before_its_answer_is_there_however_it_ends()
    {
        await using var server = await SessionServer.StartAsync(
            services => services.Configure<LimitOptions>(limits => limits.MaxCallsPerOwner = 1), mcp => mcp.WithTools<OddTools>());
        using var client = server.Client();
        for (var i = 0; i < 300; i++)
        {
            using var response = await client.SendStatelessAsync("tools/call", new()
            {
                ["name"] = "ends",
                ["arguments"] = new JsonObject { ["way"] = i % 5, ["word"] = "w" },
                ["_meta"] = new JsonObject { ["progressToken"] = "p" },
            });
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            await RawClient.ReadResponseAsync(response);
        }
    }

    private static JsonObject Unheeding(string then) => new() { ["name"] = "unheeding", ["arguments"] = new JsonObject { ["then"] = then } };

    /// <summary>What one host has recorded of the ends of its calls: each one's tool, type of error and code.</summary>
    private sealed class Durations : IDisposable
    {
        private readonly MeterListener _listener;

        public Durations(IServiceProvider services)
        {
            var meters = services.GetRequiredService<IMeterFactory>();
            _listener = new()
            {
                InstrumentPublished = (instrument, listener) =>
                {
                    if (instrument.Meter.Scope == meters && instrument.Name == StateroomAspNetCoreTelemetry.OperationDuration)
                    {
                        listener.EnableMeasurementEvents(instrument);
                    }
                },
            };
            _listener.SetMeasurementEventCallback<double>((_, _, tags, _) =>
            {
                var values = tags.ToArray().ToDictionary();
                Recorded.Enqueue($"{values.GetValueOrDefault("gen_ai.tool.name")} {values.GetValueOrDefault("error.type")} {values.GetValueOrDefault("rpc.response.status_code")}");
            });
            _listener.Start();
        }

        public ConcurrentQueue<string> Recorded { get; } = new();

        public void Dispose() => _listener.Dispose();
    }
}
