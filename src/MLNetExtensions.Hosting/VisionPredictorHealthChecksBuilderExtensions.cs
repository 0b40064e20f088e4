using Microsoft.Extensions.Diagnostics.HealthChecks;
using MLNetExtensions.Hosting;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds health checks of predictors.</summary>
public static class VisionPredictorHealthChecksBuilderExtensions
{
    /// <summary>
    /// Adds a readiness check: under load it looks at the predictor's last answers, otherwise it sends a test image. Its first run creates
    /// the predictor, so an instance is ready only once its model is loaded.
    /// Degraded if the predictor is full or a changed model file cannot be loaded.
    /// </summary>
    /// <param name="builder">The builder that AddHealthChecks returned.</param>
    /// <param name="predictorName">The name of a keyed predictor; null for the application's only predictor.</param>
    /// <param name="name">The check's name; null for "vision-predictor", followed by "-" and the predictor's name if it has one.</param>
    /// <param name="failureStatus">The status to report if there is no answer; null for unhealthy.</param>
    /// <param name="tags">Tags to filter checks by.</param>
    /// <param name="timeout">The longest time to wait for an answer; null for no limit.</param>
    /// <exception cref="ArgumentNullException"><paramref name="builder"/> is null.</exception>
    /// <example><code>builder.Services.AddHealthChecks().AddVisionPredictor();</code></example>
    public static IHealthChecksBuilder AddVisionPredictor(
        this IHealthChecksBuilder builder,
        string? predictorName = null,
        string? name = null,
        HealthStatus? failureStatus = null,
        IEnumerable<string>? tags = null,
        TimeSpan? timeout = null
    )
    {
        ArgumentNullException.ThrowIfNull(builder);
        name ??= predictorName is null ? "vision-predictor" : $"vision-predictor-{predictorName}";
        return builder.Add(
            new HealthCheckRegistration(
                name,
                provider => new VisionPredictorHealthCheck(provider, predictorName),
                failureStatus,
                tags,
                timeout
            )
        );
    }
}
