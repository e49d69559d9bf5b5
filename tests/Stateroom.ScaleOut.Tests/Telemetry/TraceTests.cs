using System.Net;
using System.Text.Json.Nodes;
using Stateroom.TestProcesses.Telemetry;

namespace Stateroom.ScaleOut.Tests.Telemetry;

/// <summary>One trace shows what a client caused, at whichever instances.</summary>
public sealed class TraceTests
{
    private const string Trace = "4bf92f3577b34da6a3ce929d0e0e4736";
    private const string ClientSpan = "00f067aa0ba902b7";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task One_trace_shows_a_question_that_is_answered_through_another_instance()
    {
        await using var collector = new OtlpReceiver();
        await using var cluster = await Cluster.StartAsync(Cluster.Weather, instances: 2, environments: [collector.EnvironmentOf("A"), collector.EnvironmentOf("B")]);
        using var atB = await Cluster.Client(cluster.B, key: "acme-alice").OpenAsync();
        using var atA = Cluster.Client(cluster.A, atB, key: "acme-alice");

        // B asks; the context of the call comes in its _meta.
        using var call = await atB.StreamAsync(
            HttpMethod.Post, RawClient.Call("get_current_weather", """{"city":"Springfield"}""", meta: $$"""{"traceparent":"00-{{Trace}}-{{ClientSpan}}-01"}"""));
        var question = (await call.ReadMessageAsync(Token)).Json;
        var context = (string?)question["params"]!["_meta"]!["traceparent"];
        Assert.StartsWith($"00-{Trace}-", context, StringComparison.Ordinal);

        // A is told the answer, by a client that makes it part of what it was asked in.
        var answer = new JsonObject { ["jsonrpc"] = "2.0", ["id"] = question["id"]!.DeepClone(), ["result"] = new JsonObject { ["action"] = "decline" } };
        using var accepted = await atA.SendAsync(HttpMethod.Post, answer.ToJsonString(), configure: request => request.Headers.Add("traceparent", context));
        Assert.Equal(HttpStatusCode.Accepted, accepted.StatusCode);
        await call.ReadMessageAsync(Token);

        await Eventually.HoldsAsync(() => Task.FromResult(Of("tools/call get_current_weather").Any()), "The call is not in the trace.", Token);
        var operation = Single("tools/call get_current_weather", "B", SpanKind.Server, ClientSpan);
        Assert.NotEqual(atB.SessionId, operation.Attributes["mcp.session.id"]);
        Assert.Single(operation.Links);
        var asked = Single("elicitation/create", "B", SpanKind.Client, operation.SpanId);
        Assert.Equal(context![36..52], asked.SpanId);
        await Eventually.HoldsAsync(() => Task.FromResult(Of("process answer").Any() && Of("POST /mcp").Any()), "The way of the answer is not in the trace.", Token);
        var posted = Single("POST /mcp", "A", SpanKind.Server, asked.SpanId);
        Assert.Contains(Of("EVALSHA Touch"), span => span is { Instance: "A", Kind: SpanKind.Client } && span.ParentId == posted.SpanId);
        var published = Single("publish answer", "A", SpanKind.Producer, posted.SpanId);
        var processed = Single("process answer", "B", SpanKind.Consumer, published.SpanId);
        Assert.Contains(processed.SpanId, asked.Links);
        Assert.All(collector.Spans, span => Assert.DoesNotContain(atB.SessionId!, string.Join(' ', span.Attributes.Values) + span.Name, StringComparison.Ordinal));

        IEnumerable<Span> Of(string name) => collector.Spans.Where(span => span.TraceId == Trace && span.Name == name);

        Span Single(string name, string instance, SpanKind kind, string parent)
        {
            var span = Assert.Single(Of(name));
            Assert.Equal((instance, kind, parent), (span.Instance, span.Kind, span.ParentId));
            return span;
        }
    }
}
