using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using Stateroom.AspNetCore.Authorization;
using Stateroom.AspNetCore.Tests.Authentication;
using Stateroom.AspNetCore.Tests.Authorization;
using Stateroom.AspNetCore.Tests.Support;

namespace Stateroom.AspNetCore.Tests.Stateless;

/// <summary>Calls that are run on the threads of their requests, with what the requests share: nothing of one is seen by another, and nobody sees what is kept from it.</summary>
public sealed partial class CrossedCallTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Nothing_crosses_between_calls_at_the_same_time()
    {
        await using var server = await SessionServer.StartAsync(null, mcp => mcp.WithTools<OddTools>());
        await Task.WhenAll(Enumerable.Range(0, 16).Select(async n =>
        {
            using var client = server.Client($"t{n}/o{n}");
            for (var i = 0; i < 150; i++)
            {
                var (id, word) = ((n * 1000) + i, $"c{n}-{i}");
                using var response = await client.SendStatelessAsync(
                    "tools/call",
                    new()
                    {
                        ["name"] = "ends",
                        ["arguments"] = new JsonObject { ["way"] = i % 5, ["word"] = word },
                        ["_meta"] = new JsonObject { ["progressToken"] = word },
                    },
                    id);
                var text = await response.Content.ReadAsStringAsync(Cancellation);
                Assert.Contains($"\"id\":{id}", text, StringComparison.Ordinal);
                Assert.Contains($"{word} t{n}/o{n}", text, StringComparison.Ordinal);
                Assert.All(Words().Matches(text), match => Assert.Equal(word, match.Value));
                Assert.All(Callers().Matches(text), match => Assert.Equal($"t{n}/o{n}", match.Value));
            }
        }));
    }

    [Fact]
    public async Task What_is_said_while_a_call_is_answered_crosses_to_no_other()
    {
        await using var server = await SessionServer.StartAsync(null, mcp => mcp.WithTools<OddTools>());
        await Task.WhenAll(Enumerable.Range(0, 12).Select(async n =>
        {
            var client = server.Client($"t{n}/o{n}");
            for (var i = 0; i < 100; i++)
            {
                var (id, word) = ((n * 1000) + i, $"c{n}-{i}");
                var (waits, fails) = (i % 3 != 0, i % 3 == 2);
                using var response = await client.SendStatelessAsync(
                    "tools/call", new() { ["name"] = "talks", ["arguments"] = new JsonObject { ["word"] = word, ["waits"] = waits, ["fails"] = fails } }, id);
                if (i % 10 == 9)
                {
                    // Leaves before the answer.
                    client.Dispose();
                    client = server.Client($"t{n}/o{n}");
                    continue;
                }

                var messages = new List<JsonObject>();
                var stream = new SseReader(response);
                while (await stream.ReadAsync(Cancellation) is { } next)
                {
                    messages.Add(next.Json);
                }

                Assert.Equal(id, (int?)messages[^1]["id"]);
                Assert.Contains(word, messages[^1].ToJsonString(), StringComparison.Ordinal);
                Assert.True(messages.Count > 1 || !waits, "Nothing was said before the answer.");
                Assert.All(messages[..^1], message => Assert.Equal(word, (string?)message["params"]!["word"]));
            }

            client.Dispose();
        }));
        await server.QuietAsync();
    }

    [Fact]
    public async Task Nothing_of_the_asynchronous_flow_is_left_for_the_next_call()
    {
        await using var server = await SessionServer.StartAsync(null, mcp => mcp.WithTools<ServerTools>().WithTools<OddTools>());
        using var client = server.Client();
        foreach (var value in (string[])["a", "b", "c"])
        {
            var mark = await client.CallToolAsync("mark", new() { ["value"] = value });
            Assert.Equal("", (string?)mark["content"]![0]!["text"]);
            var culture = await client.CallToolAsync("culture", []);
            Assert.NotEqual("ar-SA", (string?)culture["content"]![0]!["text"]);
        }
    }

    [Fact]
    public async Task A_hidden_tool_is_answered_to_the_byte_like_one_that_never_existed()
    {
        await using var server = await ResourceServer.StartAsync(
            builder => builder.Services.AddSingleton<IFeatureVisibility, NoSecrets>(), mcp => mcp.WithOfferings());
        var hidden = await (RawStatelessRequest.Call("secret_tool") with { Token = server.Token() }).SendAsync(server.Url);
        var unknown = await (RawStatelessRequest.Call("unreal_tool") with { Token = server.Token() }).SendAsync(server.Url);
        Assert.Equal(unknown.WithoutDate.Replace("unreal", "secret", StringComparison.Ordinal), hidden.WithoutDate);
    }

    [GeneratedRegex(@"\bc\d+-\d+\b")]
    private static partial Regex Words();

    [GeneratedRegex(@"\bt\d+/o\d+\b")]
    private static partial Regex Callers();
}
