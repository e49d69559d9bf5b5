using Microsoft.Extensions.Options;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using Stateroom.AspNetCore.Diagnostics;
using Stateroom.Diagnostics;
using Stateroom.Redis.Diagnostics;
using Stateroom.Tenancy;

namespace Stateroom.Server.Hosting;

/// <summary>
/// Metrics for Prometheus at <c>/metrics</c>; metrics, spans and logs by OTLP where <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> says to whom. The SDK's own meter and source
/// are left out: their tags and descriptions hold what clients send.
/// </summary>
internal static class Telemetry
{
    private const string OtlpEndpoint = "OTEL_EXPORTER_OTLP_ENDPOINT";
    private const string MetricsAccessSetting = $"{Access.Section}:{nameof(MetricsOptions.MetricsAccess)}";

    private static readonly string[] _meters =
    [
        StateroomTelemetry.MeterName, StateroomAspNetCoreTelemetry.MeterName, StateroomRedisTelemetry.MeterName,
        "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "System.Runtime",
    ];

    public static void AddTelemetry(this WebApplicationBuilder builder)
    {
        builder.Services.AddSettings<MetricsOptions>(Access.Section);
        builder.Services.AddSettings<TelemetryOptions>(Access.Section);

        // Whom the settings name may be named in metrics; whom only a token names may not.
        builder.Services.AddOptions<TelemetryOptions>().PostConfigure<IOptions<AccessOptions>>((options, access) =>
        {
            foreach (var tenant in access.Value.ApiKeys.Select(key => key.Tenant).Concat(access.Value.Jwt.Issuers.Select(issuer => issuer.Tenant)).OfType<string>().Where(IsName))
            {
                options.MetricsTenants.Add(tenant);
            }
        });
        var telemetry = builder.Services.AddOpenTelemetry()
            .ConfigureResource(resource => resource.AddService("stateroom").AddEnvironmentVariableDetector())
            .WithMetrics(metrics => metrics.AddPrometheusExporter());
        var sends = !string.IsNullOrEmpty(builder.Configuration[OtlpEndpoint]);
        if (sends || builder.Configuration[MetricsAccessSetting]?.Equals(nameof(MetricsAccess.Off), StringComparison.OrdinalIgnoreCase) != true)
        {
            // What nobody can read is not measured.
            telemetry.WithMetrics(metrics => metrics.AddMeter(_meters));
        }

        if (sends)
        {
            telemetry
                .WithTracing(tracing => tracing
                    // Administration names tenants and sessions in its paths.
                    .AddAspNetCoreInstrumentation(options => options.Filter = context => !context.Request.Path.StartsWithSegments("/admin"))
                    .AddSource(StateroomAspNetCoreTelemetry.ActivitySourceName, StateroomRedisTelemetry.ActivitySourceName))
                .UseOtlpExporter();
        }
    }

    private static bool IsName(string tenant) => tenant.Length is > 0 and <= TenantId.MaxLength;
}
