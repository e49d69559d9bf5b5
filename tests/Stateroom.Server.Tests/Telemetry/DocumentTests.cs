using System.Diagnostics.Metrics;
using System.Reflection;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Stateroom.AspNetCore.Diagnostics;
using Stateroom.Diagnostics;
using Stateroom.Messaging;
using Stateroom.Redis.Diagnostics;

namespace Stateroom.Server.Tests.Telemetry;

/// <summary>docs/telemetry.md tells every metric and every event of the log, and no other.</summary>
public sealed partial class DocumentTests
{
    private static readonly string _text = File.ReadAllText(Path.Combine(ReadmeTests.FindRoot(), "docs", "telemetry.md"));

    [Fact]
    public async Task It_tells_every_instrument_with_its_type_and_unit()
    {
        var published = new HashSet<string>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, _) =>
            {
                if (instrument.Meter.Name is StateroomTelemetry.MeterName or StateroomAspNetCoreTelemetry.MeterName or StateroomRedisTelemetry.MeterName)
                {
                    published.Add($"{instrument.Name} {TypeOf(instrument)} {instrument.Unit}".TrimEnd());
                }
            },
        };
        listener.Start();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Services.AddRouting();
        builder.Services.AddMcpServer().WithSessions().WithRedisSessions("127.0.0.1:1");
        await using var app = builder.Build();
        app.MapMcpSessions();
        Assert.NotEmpty(app.Services.GetServices<IHostedService>());
        Assert.NotNull(app.Services.GetRequiredService<ISessionBackplane>());

        var told = MetricRow().Matches(_text).Select(row => $"{row.Groups[1].Value} {row.Groups[2].Value} {row.Groups[3].Value}".TrimEnd());
        Assert.Equal(published.Order(StringComparer.Ordinal), told.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void It_tells_every_event_of_the_log_with_its_level_and_its_message()
    {
        Assembly[] assemblies = [typeof(StateroomTelemetry).Assembly, typeof(StateroomAspNetCoreTelemetry).Assembly, typeof(StateroomRedisTelemetry).Assembly, typeof(Server.Log).Assembly];
        var there = assemblies
            .SelectMany(assembly => assembly.GetTypes(), (assembly, type) => (assembly, type))
            .SelectMany(t => t.type.GetMethods(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic), (t, method) => (t.assembly, Message: method.GetCustomAttribute<LoggerMessageAttribute>()))
            .Where(t => t.Message is not null)
            .Select(t => $"{t.assembly.GetName().Name} {t.Message!.EventId} {t.Message.Level} {t.Message.Message}")
            .ToList();

        Assert.Distinct(there);
        Assert.InRange(there.Count, 30, 200);
        var told = EventRow().Matches(_text).Select(row => $"{row.Groups[1].Value} {row.Groups[2].Value} {row.Groups[3].Value} {row.Groups[4].Value}");
        Assert.Equal(there.Order(StringComparer.Ordinal), told.Order(StringComparer.Ordinal));
    }

    private static string TypeOf(Instrument instrument) => instrument.GetType().Name.Split('`')[0] switch
    {
        "ObservableGauge" => "gauge",
        "UpDownCounter" => "up-down counter",
        var other => other.ToLowerInvariant(),
    };

    [GeneratedRegex(@"^\| `([a-z_.]+)` \| ([a-z -]+) \| (?:`([^`]+)`)? *\|", RegexOptions.Multiline)]
    private static partial Regex MetricRow();

    [GeneratedRegex(@"^\| `(Stateroom[A-Za-z.]*)` (\d+) \| ([A-Z][a-z]+) \| ([^|]+?) \|", RegexOptions.Multiline)]
    private static partial Regex EventRow();
}
