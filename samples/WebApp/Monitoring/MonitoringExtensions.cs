using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using MLNetExtensions.Serving;
using OpenTelemetry.Metrics;

namespace WebAppSample.Monitoring;

/// <summary>Health and metrics.</summary>
internal static class MonitoringExtensions
{
    public static void AddMonitoring(this WebApplicationBuilder builder) =>
        builder
            .Services.AddOpenTelemetry()
            .WithMetrics(metrics =>
                metrics
                    .AddMeter(VisionPredictor.MeterName)
                    .AddMeter("Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "Microsoft.AspNetCore.RateLimiting")
                    .AddMeter("System.Runtime")
                    .AddPrometheusExporter()
            );

    public static void MapMonitoring(this WebApplication app)
    {
        // The process is there. Whoever restarts applications asks this: one that is busy must not be restarted.
        app.MapHealthChecks("/health/live", new HealthCheckOptions { Predicate = _ => false });
        // The predictor answers. Whoever distributes requests asks this.
        app.MapHealthChecks("/health/ready");
        app.MapHealthChecks("/health");
        app.MapPrometheusScrapingEndpoint();
    }
}
