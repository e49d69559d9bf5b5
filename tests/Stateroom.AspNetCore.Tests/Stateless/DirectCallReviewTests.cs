using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Microsoft.Extensions.DependencyInjection;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using Stateroom.AspNetCore.Authorization;
using Stateroom.AspNetCore.Tests.Authentication;
using Stateroom.AspNetCore.Tests.Authorization;
using Stateroom.AspNetCore.Tests.Support;
using Stateroom.Limits;

namespace Stateroom.AspNetCore.Tests.Stateless;

/// <summary>Odd tools, odd requests and clients that are no longer to hear anything, where a plain call is run without a server of the SDK and where it is not.</summary>
public sealed class DirectCallReviewTests(ITestOutputHelper output)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static void WithServersThatAreUp(IMcpServerBuilder mcp) => mcp.Services.AddLogging(LogLines.FollowSdk);

    private static void WithSdkEndpoint(IMcpServerBuilder mcp) => mcp.WithMessageFilters(filters => filters.AddIncomingFilter(next => next));

    [Theory]
    [InlineData("direct", "says")]
    [InlineData("up", "says")]
    [InlineData("sdk", "says")]
    [InlineData("direct", "answers")]
    [InlineData("up", "answers")]
    [InlineData("direct", "throws")]
    [InlineData("up", "throws")]
    public async Task Nothing_is_told_to_a_client_whose_credential_has_expired(string way, string how)
    {
        await using var server = await ResourceServer.StartAsync(mcp: mcp =>
        {
            mcp.WithTools<OddTools>();
            if (way == "up")
            {
                WithServersThatAreUp(mcp);
            }
            else if (way == "sdk")
            {
                WithSdkEndpoint(mcp);
            }
        });
        using var response = await server.StatelessAsync(server.Token(), "tools/call", new()
        {
            ["name"] = "unheeding",
            ["arguments"] = new JsonObject { ["how"] = how },
            ["_meta"] = new JsonObject
            {
                ["progressToken"] = "p",
                ["io.modelcontextprotocol/protocolVersion"] = "2026-07-28",
                ["io.modelcontextprotocol/clientInfo"] = new JsonObject { ["name"] = "wire", ["version"] = "1" },
                ["io.modelcontextprotocol/clientCapabilities"] = new JsonObject(),
            },
        });
        using var stream = new SseReader(response);
        var first = (await stream.ReadMessageAsync(Cancellation)).Json;
        Assert.True((string?)first["method"] == "notifications/first", first.ToJsonString());
        for (var i = 0; i < 30; i++)
        {
            server.Time.Advance(TimeSpan.FromSeconds(30));
            await Task.Delay(10, Cancellation);
        }

        await server.Gates.ReachedAsync("cancelled");
        if (how != "holds")
        {
            server.Gates.Open("more");
        }

        var next = await stream.ReadAsync(Cancellation).WaitAsync(TimeSpan.FromSeconds(5), Cancellation);
        Assert.True(next is null, next?.Json.ToJsonString());
    }

    [Fact]
    public async Task A_hidden_tool_is_answered_like_one_that_never_existed_to_the_byte()
    {
        await using var server = await ResourceServer.StartAsync(
            builder => builder.Services.AddSingleton<IFeatureVisibility, NoSecrets>(), mcp => mcp.WithOfferings());
        var hidden = await RawAsync(server.Url, server.Token(), "secret_tool");
        var unknown = await RawAsync(server.Url, server.Token(), "unreal_tool");
        Assert.Equal(unknown.Replace("unreal", "secret", StringComparison.Ordinal), hidden);
    }

    [Theory]
    [InlineData("null_result")]
    [InlineData("null_typed")]
    [InlineData("pretty")]
    [InlineData("lone")]
    [InlineData("deep")]
    [InlineData("null_content")]
    [InlineData("disposed")]
    [InlineData("alternate")]
    [InlineData("alternate_text")]
    [InlineData("alternate_question_node")]
    [InlineData("says_newline")]
    [InlineData("throws_null_data")]
    [InlineData("aggregate")]
    [InlineData("timeout")]
    [InlineData("sync_throw")]
    [InlineData("unserializable")]
    [InlineData("url_elicitation")]
    [InlineData("missing_capability")]
    [InlineData("own_linked_cancel")]
    [InlineData("changes_name")]
    public async Task Odd_results(string tool)
    {
        var answers = new List<string>();
        foreach (var more in new Action<IMcpServerBuilder>[] { static _ => { }, WithServersThatAreUp, WithSdkEndpoint })
        {
            await using var server = await SessionServer.StartAsync(null, mcp =>
            {
                mcp.WithTools<OddTools>().WithRequestFilters(filters => filters.AddCallToolFilter(next => async (request, cancellationToken) =>
                {
                    if (request.Params.Name == "changes_name")
                    {
                        request.Params.Name = "fine";
                    }

                    var result = await next(request, cancellationToken);
                    return request.Params.Name == "null_result" ? null! : result;
                }));
                mcp.Services.Configure<McpServerOptions>(o => o.Filters.Request.CallToolWithAlternateFilters.Add(async (request, next, cancellationToken) =>
                {
                    var result = await next(request, cancellationToken);
                    return request.Params.Name switch
                    {
                        "alternate" => ResultOrAlternate<CallToolResult>.FromAlternate(new EmptyResult { Meta = new() { ["any"] = 1 } }, (JsonTypeInfo<EmptyResult>)McpJsonUtilities.DefaultOptions.GetTypeInfo(typeof(EmptyResult))),
                        "alternate_text" => ResultOrAlternate<CallToolResult>.FromAlternate(new EmptyResult { ResultType = "task" }, (JsonTypeInfo<EmptyResult>)McpJsonUtilities.DefaultOptions.GetTypeInfo(typeof(EmptyResult))),
                        "alternate_question_node" => ResultOrAlternate<CallToolResult>.FromAlternate(new EmptyResult { ResultType = "input_required", Meta = new() { ["any"] = 1 } }, (JsonTypeInfo<EmptyResult>)McpJsonUtilities.DefaultOptions.GetTypeInfo(typeof(EmptyResult))),
                        _ => result,
                    };
                }));
                more(mcp);
            });
            var raw = await RawAsync(server.Url, "acme/alice", tool);
            answers.Add(raw);
        }

        var bodies = answers.Select(a => (a[..a.IndexOf("\r\n", StringComparison.Ordinal)], BodyOf(a))).ToList();
        foreach (var b in bodies)
        {
            output.WriteLine($"{b.Item1}\n{b.Item2}");
        }

        Assert.Equal(bodies[2].Item1, bodies[0].Item1);
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(bodies[2].Item2), JsonNode.Parse(bodies[0].Item2)));
    }

    [Fact]
    public async Task Nothing_crosses_between_calls_at_the_same_time()
    {
        await using var server = await SessionServer.StartAsync(null, mcp => mcp.WithTools<OddTools>().WithTools<ServerTools>());
        await Task.WhenAll(Enumerable.Range(0, 16).Select(async n =>
        {
            using var client = server.Client($"t{n}/o{n}");
            for (var i = 0; i < 150; i++)
            {
                var mine = $"c{n}-{i}";
                var kind = i % 5;
                using var response = await client.SendStatelessAsync("tools/call", new()
                {
                    ["name"] = "mixed",
                    ["arguments"] = new JsonObject { ["kind"] = kind, ["mine"] = mine },
                    ["_meta"] = new JsonObject { ["progressToken"] = mine },
                }, id: (n * 1000) + i);
                var text = await response.Content.ReadAsStringAsync(Cancellation);
                Assert.All(text.Split('"').Where(p => p.StartsWith('c') && p.Contains('-') && char.IsDigit(p[1])), p => Assert.Equal(mine, p.Split(' ')[0]));
                Assert.Contains(mine, text, StringComparison.Ordinal);
                Assert.Contains($"\"id\":{(n * 1000) + i}", text, StringComparison.Ordinal);
                Assert.Contains($"t{n}/o{n}", text, StringComparison.Ordinal);
            }
        }));
    }

    [Fact]
    public async Task What_is_said_at_the_same_time_as_the_answer_crosses_nothing()
    {
        await using var server = await SessionServer.StartAsync(null, mcp => mcp.WithTools<OddTools>());
        var count = 0;
        await Task.WhenAll(Enumerable.Range(0, 12).Select(async n =>
        {
            var client = server.Client($"t{n}/o{n}");
            for (var i = 0; i < 100; i++)
            {
                var mine = $"c{n}-{i}";
                var parameters = new JsonObject { ["name"] = "noisy", ["arguments"] = new JsonObject { ["mine"] = mine, ["ends"] = i % 3 } };
                using var response = await client.SendStatelessAsync("tools/call", parameters, id: (n * 1000) + i);
                if (i % 10 == 9)
                {
                    client.Dispose();
                    client = server.Client($"t{n}/o{n}");
                    continue;
                }

                var reader = new SseReader(response);
                JsonObject? last = null;
                while (await reader.ReadAsync(Cancellation) is { } next)
                {
                    Assert.Null(last?["id"]);
                    last = next.Json;
                    if (last["method"] is not null)
                    {
                        Interlocked.Increment(ref count);
                        Assert.Equal(mine, (string?)last["params"]!["mine"]);
                    }
                }

                Assert.Equal((n * 1000) + i, (int?)last!["id"]);
                Assert.Contains(mine, last.ToJsonString(), StringComparison.Ordinal);
            }

            client.Dispose();
        }));
        output.WriteLine($"{count}");
        await server.QuietAsync();
    }

    [Fact]
    public async Task The_place_is_back_before_the_answer_however_it_ends()
    {
        await using var server = await SessionServer.StartAsync(
            services => services.Configure<LimitOptions>(o => o.MaxCallsPerOwner = 1), mcp => mcp.WithTools<OddTools>());
        using var client = server.Client();
        for (var i = 0; i < 300; i++)
        {
            using var response = await client.SendStatelessAsync("tools/call", new()
            {
                ["name"] = "mixed",
                ["arguments"] = new JsonObject { ["kind"] = i % 5, ["mine"] = "m" },
                ["_meta"] = new JsonObject { ["progressToken"] = "m" },
            });
            var text = await response.Content.ReadAsStringAsync(Cancellation);
            Assert.Equal(200, (int)response.StatusCode);
        }
    }

    [Fact]
    public async Task Nothing_of_the_async_context_is_left_for_the_next_request()
    {
        await using var server = await SessionServer.StartAsync(null, mcp => mcp.WithTools<ServerTools>().WithTools<OddTools>());
        using var client = server.Client();
        foreach (var value in new[] { "a", "b", "c" })
        {
            var answer = await client.CallToolAsync("mark", new JsonObject { ["value"] = value });
            Assert.Equal("", (string?)answer["content"]![0]!["text"]);
            var culture = await client.CallToolAsync("culture", []);
            Assert.NotEqual("ar-SA", (string?)culture["content"]![0]!["text"]);
        }
    }

    [Theory]
    [InlineData("direct")]
    [InlineData("up")]
    public async Task Durations_have_their_error_types(string way)
    {
        var seen = new ConcurrentQueue<string>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, l) =>
        {
            if (instrument.Name == "mcp.server.operation.duration" && instrument.Meter.Name.StartsWith("Stateroom", StringComparison.Ordinal))
            {
                l.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<double>((_, _, tags, _) =>
        {
            var t = tags.ToArray().ToDictionary(x => x.Key, x => x.Value?.ToString());
            seen.Enqueue($"{t.GetValueOrDefault("gen_ai.tool.name")} {t.GetValueOrDefault("error.type")} {t.GetValueOrDefault("rpc.response.status_code")}");
        });
        listener.Start();
        await using var server = await SessionServer.StartAsync(null, mcp =>
        {
            mcp.WithTools<OddTools>();
            if (way == "up")
            {
                WithServersThatAreUp(mcp);
            }
        });
        using var client = server.Client();
        foreach (var tool in new[] { "fine", "sync_throw", "url_elicitation", "unserializable", "missing_capability" })
        {
            using var response = await client.SendStatelessAsync("tools/call", new() { ["name"] = tool });
            await response.Content.ReadAsStringAsync(Cancellation);
        }

        await server.QuietAsync();
        Assert.Equal(["fine  ", "sync_throw tool_error ", "url_elicitation -32042 -32042", "unserializable -32603 -32603", "missing_capability -32021 -32021"], seen.Where(s => OddTools.Mine.Contains(s.Split(' ')[0])));
    }

    [Theory]
    [InlineData("direct")]
    [InlineData("up")]
    public async Task A_call_whose_client_has_gone_is_counted_as_cancelled(string way)
    {
        var seen = new ConcurrentQueue<string>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, l) =>
        {
            if (instrument.Name == "mcp.server.operation.duration" && instrument.Meter.Name.StartsWith("Stateroom", StringComparison.Ordinal))
            {
                l.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<double>((_, _, tags, _) =>
        {
            var t = tags.ToArray().ToDictionary(x => x.Key, x => x.Value?.ToString());
            seen.Enqueue($"{t.GetValueOrDefault("gen_ai.tool.name")} {t.GetValueOrDefault("error.type")}");
        });
        listener.Start();
        await using var server = await SessionServer.StartAsync(null, mcp =>
        {
            mcp.WithTools<OddTools>();
            if (way == "up")
            {
                WithServersThatAreUp(mcp);
            }
        });
        using (var leaving = server.Client())
        {
            using var begun = await leaving.SendStatelessAsync("tools/call", new() { ["name"] = "unheeding", ["arguments"] = new JsonObject { ["how"] = "answers" } });
            await server.Gates.ReachedAsync("more");
        }

        await server.Gates.ReachedAsync("cancelled");
        server.Gates.Open("more");
        await server.QuietAsync();
        Assert.Equal("unheeding cancelled", Assert.Single(seen, s => s.StartsWith("unheeding", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Requests_that_are_written_oddly_are_answered_as_by_the_endpoint()
    {
        const string Meta = """ "_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientInfo":{"name":"raw","version":"1"},"io.modelcontextprotocol/clientCapabilities":{}} """;
        static string M(string inner) => """{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{""" + inner + "}}";
        var deep = (int n) => new string('[', n) + new string(']', n);
        var bodies = new List<(string Body, string Headers)>
        {
            (M($$""" "name":"echo","arguments":{"x":1},{{Meta}} """), ""),
            (M($$""" "name":"echo","NAME":"fine","arguments":{"x":1},{{Meta}} """), ""),
            (M($$""" "NAME":"echo","arguments":{"x":1},{{Meta}} """), ""),
            (M($$""" "n\u0061me":"echo","arguments":{"x":1},{{Meta}} """), ""),
            (M($$""" "name":"ech\u006f","arguments":{"x":1},{{Meta}} """), ""),
            (M($$""" "name":"fine","arguments":{"x":1},{{Meta}} """), ""),
            (M($$""" "name":"echo","name":"echo","arguments":{"x":1},{{Meta}} """), ""),
            (M($$""" "name":"echo","arguments":{"x":1,"x":2},{{Meta}} """), ""),
            (M($$""" "name":"echo","arguments":{"x":1,"X":2},{{Meta}} """), ""),
            (M($$""" "name":"echo","arguments":{"x":{"ü":1,"\u00fc":2} },{{Meta}} """), ""),
            (M($$""" "name":"echo","arguments":{"x":"\ud800"},{{Meta}} """), ""),
            (M($$""" "name":"echo","arguments":{"x":"\ud83d\ude00 \u0000 \/"},{{Meta}} """), ""),
            (M($$""" "name":"echo","arguments":{"x":{{deep(55)}} },{{Meta}} """), ""),
            (M($$""" "name":"echo","arguments":{"x":{{deep(60)}} },{{Meta}} """), ""),
            (M($$""" "name":"echo","arguments":{"x":{{deep(61)}} },{{Meta}} """), ""),
            (M($$""" "name":"echo","arguments":{"x":{{deep(62)}} },{{Meta}} """), ""),
            (M($$""" "name":"echo","arguments":{"x":{{deep(70)}} },{{Meta}} """), ""),
            (M($$""" "name":"echo","arguments":{"x":123456789012345678901234567890.5e-400},{{Meta}} """), ""),
            (M($$""" "name":"echo","arguments":{"x":{{{string.Join(',', Enumerable.Range(0, 40).Select(i => $"\"a{i}\":{i}"))}}} },{{Meta}} """), ""),
            (M($$""" "name":"echo","arguments":{"x":null},{{Meta}} """), ""),
            (M($$""" "name":"echo","arguments":{},{{Meta}} """), ""),
            (M($$""" "name":"echo","arguments":null,{{Meta}} """), ""),
            (M($$""" "name":"echo","arguments":"x",{{Meta}} """), ""),
            (M($$""" "name":null,"arguments":{"x":1},{{Meta}} """), ""),
            (M($$""" "name":7,"arguments":{"x":1},{{Meta}} """), ""),
            (M($$""" "name":"echo","arguments":{"x":1},"inputResponses":null,{{Meta}} """), ""),
            (M($$""" "name":"echo","arguments":{"x":1},"requestState":null,{{Meta}} """), ""),
            (M(""" "name":"echo","arguments":{"x":1},"_meta":null """), ""),
            (M(""" "name":"echo","arguments":{"x":1} """), ""),
            (M(""" "name":"echo","arguments":{"x":1},"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientInfo":null,"io.modelcontextprotocol/clientCapabilities":{}} """), ""),
            (M(""" "name":"echo","arguments":{"x":1},"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientInfo":{"name":"a","version":"1","icons":[{"src":7}],"websiteUrl":{} },"io.modelcontextprotocol/clientCapabilities":{}} """), ""),
            (M(""" "name":"echo","arguments":{"x":1},"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientInfo":{"name":"a","version":"1"},"io.modelcontextprotocol/clientCapabilities":{"experimental":{"a":1},"extensions":{"b":[]},"sampling":null,"roots":[]} } """), ""),
            (M(""" "name":"echo","arguments":{"x":1},"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientInfo":{"name":"a","version":"1"},"io.modelcontextprotocol/clientCapabilities":{},"progressToken":{} } """), ""),
            (M(""" "name":"echo","arguments":{"x":1},"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientInfo":{"name":"a","version":"1"},"io.modelcontextprotocol/clientCapabilities":{},"progressToken":1.5} """), ""),
            (M(""" "name":"echo","arguments":{"x":1},"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientInfo":{"name":"a","version":"1"},"io.modelcontextprotocol/clientCapabilities":{},"io.modelcontextprotocol/logLevel":"loud"} """), ""),
            (M(""" "name":"echo","arguments":{"x":1},"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientInfo":{"name":"a","version":"1"},"io.modelcontextprotocol/clientCapabilities":{},"io.modelcontextprotocol/logLevel":null} """), ""),
            (M($$""" "name":"echo","arguments":{"x":1},{{Meta}} """), "Mcp-Name: echo \r\n"),
            (M($$""" "name":"echo","arguments":{"x":1},{{Meta}} """), "Mcp-Name: ECHO\r\n"),
            (M($$""" "name":"echo","arguments":{"x":1},{{Meta}} """), "Mcp-Name: =?base64?ZWNobw==?=\r\n"),
            (M($$""" "name":"echo","arguments":{"x":1},{{Meta}} """), "Mcp-Name: echo\r\nMcp-Name: echo\r\n"),
            (M($$""" "name":"echo","arguments":{"x":1},{{Meta}} """), "Mcp-Name: \r\n"),
            ("\ufeff" + M($$""" "name":"echo","arguments":{"x":1},{{Meta}} """), ""),
            (M($$""" "name":"echo","arguments":{"x":1},{{Meta}} """).Replace("\"id\":1", "\"id\":\"\\u000a\\\"<\"", StringComparison.Ordinal), ""),
            (M($$""" "name":"echo","arguments":{"x":1},{{Meta}} """).Replace("\"id\":1", "\"id\":1.0", StringComparison.Ordinal), ""),
            (M($$""" "name":"echo","arguments":{"x":1},{{Meta}} """).Replace("\"id\":1", "\"id\":9223372036854775807", StringComparison.Ordinal), ""),
            (M($$""" "name":"echo","arguments":{"x":1},{{Meta}} """).Replace("\"id\":1", "\"id\":-0", StringComparison.Ordinal), ""),
            (M($$""" "name":"echo","arguments":{"x":1},{{Meta}} """).Replace("\"id\":1", "\"id\":null", StringComparison.Ordinal), ""),
            (M($$""" "name":"echo","arguments":{"session":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA","x":1},{{Meta}} """), ""),
        };
        await using var direct = await SessionServer.StartAsync(null, mcp => mcp.WithTools<OddTools>());
        await using var sdk = await SessionServer.StartAsync(null, mcp =>
        {
            mcp.WithTools<OddTools>();
            WithSdkEndpoint(mcp);
        });
        var differ = new List<string>();
        foreach (var (body, headers) in bodies)
        {
            string[] raw = [await PostAsync(direct.Url, body, headers), await PostAsync(sdk.Url, body, headers)];
            var a = raw.Select(r => (Status: r[..r.IndexOf('\r', StringComparison.Ordinal)], Body: r.Contains("text/event-stream", StringComparison.Ordinal) ? BodyOf(r) : r[(r.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4)..])).ToList();
            output.WriteLine($"{a[0].Status} {a[0].Body[..Math.Min(a[0].Body.Length, 150)]}");
            if (a[0].Status != a[1].Status || (a[0].Body != a[1].Body && !JsonNode.DeepEquals(JsonNode.Parse(a[0].Body), JsonNode.Parse(a[1].Body))))
            {
                differ.Add($"{headers}{body}\n{a[0]}\n{a[1]}");
            }
        }

        Assert.True(differ.Count == 0, string.Join("\n\n", differ));
    }

    private static async Task<string> PostAsync(Uri url, string body, string headers)
    {
        using var tcp = new TcpClient();
        await tcp.ConnectAsync(url.Host, url.Port, Cancellation);
        var stream = tcp.GetStream();
        await stream.WriteAsync(Encoding.UTF8.GetBytes($"POST /mcp HTTP/1.1\r\nHost: {url.Authority}\r\nAuthorization: Bearer acme/alice\r\nContent-Type: application/json; charset=utf-16\r\nAccept: application/json, text/event-stream\r\nMCP-Protocol-Version: 2026-07-28\r\nMcp-Method: tools/call\r\n{(headers.Length == 0 ? "Mcp-Name: echo\r\n" : headers)}Content-Length: {Encoding.UTF8.GetByteCount(body)}\r\nConnection: close\r\n\r\n{body}"), Cancellation);
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return await reader.ReadToEndAsync(Cancellation);
    }

    private static string BodyOf(string raw)
    {
        var body = raw[(raw.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4)..];
        if (raw.Contains("Transfer-Encoding: chunked", StringComparison.Ordinal))
        {
            var whole = new StringBuilder();
            var bytes = Encoding.UTF8.GetBytes(body);
            var at = 0;
            while (at < bytes.Length)
            {
                var end = Array.IndexOf(bytes, (byte)'\n', at);
                var size = Convert.ToInt32(Encoding.UTF8.GetString(bytes[at..(end - 1)]), 16);
                if (size == 0)
                {
                    break;
                }

                whole.Append(Encoding.UTF8.GetString(bytes, end + 1, size));
                at = end + 1 + size + 2;
            }

            body = whole.ToString();
        }

        // Events as a client reads them; the last one counts.
        var events = body.Split("\n\n", StringSplitOptions.RemoveEmptyEntries);
        return string.Join('\n', events[^1].Split('\n').Where(l => l.StartsWith("data:", StringComparison.Ordinal)).Select(l => l[5..].TrimStart(' ')));
    }

    private static async Task<string> RawAsync(Uri url, string token, string tool)
    {
        using var tcp = new TcpClient();
        await tcp.ConnectAsync(url.Host, url.Port, Cancellation);
        var body = $$$"""{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"{{{tool}}}","arguments":{"needed":"x"},"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientInfo":{"name":"raw","version":"1"},"io.modelcontextprotocol/clientCapabilities":{} } } }""";
        var stream = tcp.GetStream();
        await stream.WriteAsync(Encoding.UTF8.GetBytes($"POST /mcp HTTP/1.1\r\nHost: {url.Authority}\r\nAuthorization: Bearer {token}\r\nContent-Type: application/json\r\nAccept: application/json, text/event-stream\r\nMCP-Protocol-Version: 2026-07-28\r\nMcp-Method: tools/call\r\nMcp-Name: {tool}\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\nConnection: close\r\n\r\n{body}"), Cancellation);
        using var reader = new StreamReader(stream, Encoding.UTF8);
        var text = await reader.ReadToEndAsync(Cancellation);
        return System.Text.RegularExpressions.Regex.Replace(text, "Date: .*\r\n", "");
    }

    internal sealed class OddTools(Gates gates)
    {
        public static readonly string[] Mine = ["fine", "sync_throw", "url_elicitation", "unserializable", "missing_capability"];

        [McpServerTool(Name = "unheeding")]
        public async Task<string> Stubborn(string how, McpServer server, CancellationToken cancellationToken)
        {
            await server.SendNotificationAsync("notifications/first", CancellationToken.None);
            using var _ = cancellationToken.Register(() => { gates.WaitAsync("cancelled", CancellationToken.None); });
            await gates.WaitAsync("more", CancellationToken.None);
            try
            {
                if (how == "says")
                {
                    await server.SendNotificationAsync("notifications/secret", CancellationToken.None);
                }
            }
            catch (InvalidOperationException)
            {
            }

            return how == "throws" ? throw new McpProtocolException("x", McpErrorCode.InvalidParams) : "done";
        }

        [McpServerTool(Name = "echo")]
        public static CallToolResult Echo(JsonElement x, RequestContext<CallToolRequestParams> request) =>
            new() { Content = [new TextContentBlock { Text = $"{request.Params.ProgressToken} {request.Params.Meta?.ToJsonString()} {request.JsonRpcRequest.Params!["arguments"]} {request.Server.ClientInfo?.Name}" }], StructuredContent = x };

        [McpServerTool(Name = "fine")]
        public static string Fine() => "fine";

        [McpServerTool(Name = "null_result")]
        public static string NullResult() => "x";

        [McpServerTool(Name = "null_typed")]
        public static CallToolResult? NullTyped() => null;

        [McpServerTool(Name = "input_required_by_type")]
        public static CallToolResult ByType() => new() { Content = [new TextContentBlock { Text = "?" }], ResultType = "input_required" };

        [McpServerTool(Name = "pretty")]
        public static CallToolResult Pretty() => new() { Content = [], StructuredContent = JsonDocument.Parse("{\n\n \"a\" :\r\n\r\n [1.50, 1e5,\n\n\"\\u0041\\/\"]}").RootElement, Meta = JsonNode.Parse("{\n\n\"b\":\n\n{\n\n}}")!.AsObject() };

        [McpServerTool(Name = "lone")]
        public static CallToolResult Lone() => new() { Content = [new TextContentBlock { Text = "a\ud800b\udc00\r\n\n\u2028\u0085\0" }] };

        [McpServerTool(Name = "deep")]
        public static CallToolResult Deep() => new() { Content = [], StructuredContent = JsonDocument.Parse(new string('[', 100) + new string(']', 100), new() { MaxDepth = 200 }).RootElement };

        [McpServerTool(Name = "meta_server")]
        public static CallToolResult MetaServer() => new() { Content = [], Meta = new() { ["io.modelcontextprotocol/serverInfo"] = "forged", ["Io.modelcontextprotocol/serverInfo"] = 1 } };

        [McpServerTool(Name = "null_content")]
        public static CallToolResult NullContent() => new() { Content = null! };

        [McpServerTool(Name = "disposed")]
        public static CallToolResult Disposed()
        {
            using var d = JsonDocument.Parse("{}");
            return new() { Content = [], StructuredContent = d.RootElement };
        }

        [McpServerTool(Name = "alternate")]
        public static string Alternate() => "";

        [McpServerTool(Name = "alternate_text")]
        public static string AlternateText() => "";

        [McpServerTool(Name = "alternate_question_node")]
        public static string AlternateQuestion() => "";

        [McpServerTool(Name = "says_newline")]
        public static async Task<string> SaysNewline(McpServer server)
        {
            await server.SendNotificationAsync("notifications/a\nb", CancellationToken.None);
            return "\n\ndata: {}\n\n";
        }

        [McpServerTool(Name = "throws_null_data")]
        public static string NullData() => throw new McpProtocolException("x", McpErrorCode.InvalidParams) { Data = { ["a"] = null, ["b"] = 1, [3] = "c", ["t"] = "\ud800" } };

        [McpServerTool(Name = "aggregate")]
        public static Task<string> Aggregate() => Task.FromException<string>(new AggregateException(new McpProtocolException("inner", McpErrorCode.InvalidParams)));

        [McpServerTool(Name = "timeout")]
        public static Task<string> Cancelled() => Task.FromCanceled<string>(new CancellationToken(true));

        [McpServerTool(Name = "sync_throw")]
        public static Task<string> SyncThrow() => throw new McpException("for the model\n");

        [McpServerTool(Name = "unserializable")]
        public static CallToolResult Unserializable() => Disposed();

        [McpServerTool(Name = "url_elicitation")]
        public static string Url() => throw new UrlElicitationRequiredException("url", [new ElicitRequestParams { Mode = "url", Message = "m", Url = "https://x.example/", ElicitationId = "e" }]);

        [McpServerTool(Name = "missing_capability")]
        public static string Missing() => throw new MissingRequiredClientCapabilityException(new ClientCapabilities { Sampling = new() }, "cap");

        [McpServerTool(Name = "own_linked_cancel")]
        public static async Task<string> OwnCancel(CancellationToken cancellationToken)
        {
            using var own = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            await own.CancelAsync();
            await Task.Delay(1000, own.Token);
            return "";
        }

        [McpServerTool(Name = "changes_name")]
        public static string ChangesName() => "changed";

        [McpServerTool(Name = "culture")]
        public static string Culture()
        {
            var before = System.Globalization.CultureInfo.CurrentCulture.Name;
            System.Globalization.CultureInfo.CurrentCulture = new("ar-SA");
            return before;
        }

        [McpServerTool(Name = "noisy")]
        public static async Task<string> Noisy(string mine, int ends, McpServer server)
        {
            for (var i = 0; i < 3; i++)
            {
                _ = Task.Run(
                    async () =>
                    {
                        try
                        {
                            while (true)
                            {
                                await server.SendMessageAsync(new JsonRpcNotification { Method = "notifications/noise", Params = new JsonObject { ["mine"] = mine } }, CancellationToken.None);
                            }
                        }
                        catch (InvalidOperationException)
                        {
                        }
                    },
                    CancellationToken.None);
            }

            if (ends != 0)
            {
                await Task.Delay(Random.Shared.Next(3), CancellationToken.None);
            }

            return ends == 2 ? throw new McpProtocolException(mine, McpErrorCode.InvalidParams) : mine;
        }

        [McpServerTool(Name = "mixed")]
        public static async Task<string> Mixed(int kind, string mine, RequestContext<CallToolRequestParams> request, Stateroom.State.ISessionAccessor session, IProgress<ProgressNotificationValue> progress)
        {
            var who = session.Current!.Caller;
            var text = $"{mine} {who.Tenant.Value}/{who.Owner}";
            switch (kind)
            {
                case 0:
                    return text;
                case 1:
                    progress.Report(new() { Progress = 1, Message = text });
                    throw new McpProtocolException(text, McpErrorCode.InvalidParams);
                case 2:
                    await Task.Yield();
                    throw new McpProtocolException(text, McpErrorCode.InvalidParams);
                case 3:
                    progress.Report(new() { Progress = 1, Message = text });
                    await Task.Yield();
                    throw new McpException(text);
                default:
                    progress.Report(new() { Progress = 1, Message = text });
                    return text;
            }
        }
    }
}
