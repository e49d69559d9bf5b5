namespace Stateroom.TestProcesses.Telemetry;

/// <summary>What a span was.</summary>
public enum SpanKind
{
    None = 0,
    Internal,
    Server,
    Client,
    Producer,
    Consumer,
}

/// <summary>A span that an instance exported: the <c>service.instance.id</c>, who made it, what it says, and the ids of the spans that it is linked to.</summary>
public sealed record Span(
    string Instance, string Source, string Name, SpanKind Kind, string TraceId, string SpanId, string ParentId, IReadOnlyDictionary<string, string> Attributes, IReadOnlyList<string> Links)
{
    /// <summary>Reads an <c>ExportTraceServiceRequest</c> of OTLP 1.</summary>
    internal static IEnumerable<Span> ReadAll(byte[] export) =>
        from resourceSpans in Protobuf.Messages(export, 1)
        let resource = Protobuf.Messages(resourceSpans, 1).SelectMany(r => Protobuf.Messages(r, 1)).Select(Attribute).ToDictionary()
        from scopeSpans in Protobuf.Messages(resourceSpans, 2)
        let scope = Protobuf.Messages(scopeSpans, 1).Select(s => Protobuf.Text(s, 1)).FirstOrDefault("")
        from span in Protobuf.Messages(scopeSpans, 2)
        select new Span(
            resource.GetValueOrDefault("service.instance.id", ""),
            scope,
            Protobuf.Text(span, 5),
            (SpanKind)Protobuf.Fields(span).LastOrDefault(f => f.Field == 6).Number,
            Protobuf.Hex(span, 1),
            Protobuf.Hex(span, 2),
            Protobuf.Hex(span, 4),
            Protobuf.Messages(span, 9).Select(Attribute).ToDictionary(),
            [.. Protobuf.Messages(span, 13).Select(link => Protobuf.Hex(link, 2))]);

    private static KeyValuePair<string, string> Attribute(byte[] pair) =>
        new(Protobuf.Text(pair, 1), Protobuf.Messages(pair, 2).Select(value => Protobuf.Text(value, 1)).LastOrDefault(""));
}
