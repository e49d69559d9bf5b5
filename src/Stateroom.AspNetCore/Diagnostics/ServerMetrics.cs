using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microsoft.AspNetCore.Http;
using Stateroom.Diagnostics;
using Stateroom.Tenancy;
using Names = Stateroom.AspNetCore.Diagnostics.StateroomAspNetCoreTelemetry;
using Tag = System.Collections.Generic.KeyValuePair<string, object?>;

namespace Stateroom.AspNetCore.Diagnostics;

/// <summary>What is counted of requests. Where nobody collects it, each of these is a look at one field.</summary>
internal sealed class ServerMetrics
{
    private readonly SessionMetrics _sessions;
    private readonly Counter<long> _requests;
    private readonly Counter<long> _rejections;
    private readonly Counter<long> _replies;
    private readonly UpDownCounter<long> _streams;

    public ServerMetrics(SessionMetrics sessions, IMeterFactory meters)
    {
        _sessions = sessions;
        Meter = meters.Create(Names.MeterName);
        _requests = Meter.CreateCounter<long>(Names.Requests, "{request}", "HTTP requests to the MCP endpoint.");
        _rejections = Meter.CreateCounter<long>(Names.LimitRejections, "{rejection}", "What was refused because a limit is reached.");
        _replies = Meter.CreateCounter<long>(Names.RepliesRouted, "{reply}", "Clients' answers to questions.");
        _streams = Meter.CreateUpDownCounter<long>(Names.StreamsOpen, "{stream}", "Event streams that are open at this instance.");

        // The boundaries are those of the conventions.
        OperationDuration = Meter.CreateHistogram(
            Names.OperationDuration,
            "s",
            "How long MCP requests took.",
            advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30, 60, 120, 300] });
    }

    public Meter Meter { get; }

    public Histogram<double> OperationDuration { get; }

    public void Served(HttpContext context)
    {
        if (_requests.Enabled)
        {
            // The route has three methods and no others; a request without a caller is one that was refused, or somebody's without a credential.
            var tags = new TagList
            {
                { StateroomTelemetry.Tenant, context.Features.Get<Caller>() is { } caller ? _sessions.NameOf(caller) : StateroomTelemetry.AnonymousCallers },
                { "http.request.method", HttpMethods.GetCanonicalizedValue(context.Request.Method) },
                { "http.response.status_code", context.Response.StatusCode },
            };
            _requests.Add(1, tags);
        }
    }

    public void Rejected(Caller caller, string limit)
    {
        if (_rejections.Enabled)
        {
            _rejections.Add(1, new Tag(StateroomTelemetry.Tenant, _sessions.NameOf(caller)), new Tag(StateroomTelemetry.Limit, limit));
        }
    }

    public void Routed(string route) => _replies.Add(1, new Tag(Names.Route, route));

    public void StreamOpened() => _streams.Add(1);

    public void StreamClosed() => _streams.Add(-1);
}
