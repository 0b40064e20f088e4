using Microsoft.Extensions.Diagnostics.HealthChecks;
using MLNetExtensions.Hosting;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds health checks of predictors.</summary>
public static class VisionPredictorHealthChecksBuilderExtensions
{
    /// <summary>
    /// Adds a check of readiness: whether a predictor answers, by its last answers under load and by an image of its own without. Its first run makes the predictor, so that an instance is ready only once its model is loaded.
    /// Degraded where the predictor is full or a changed model file cannot be loaded.
    /// </summary>
    /// <param name="builder">From AddHealthChecks.</param>
    /// <param name="predictorName">The name of a keyed predictor; null for the application's one.</param>
    /// <param name="name">The check's name; null for "vision-predictor", with "-" and the predictor's name where it has one.</param>
    /// <param name="failureStatus">What the check reports where there is no answer; null for unhealthy.</param>
    /// <param name="tags">Tags to filter checks by.</param>
    /// <param name="timeout">How long an answer may take; null for no limit.</param>
    /// <exception cref="ArgumentNullException"><paramref name="builder"/> is null.</exception>
    /// <example><code>builder.Services.AddHealthChecks().AddVisionPredictor();</code></example>
    public static IHealthChecksBuilder AddVisionPredictor(
        this IHealthChecksBuilder builder, string? predictorName = null, string? name = null, HealthStatus? failureStatus = null,
        IEnumerable<string>? tags = null, TimeSpan? timeout = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        name ??= predictorName is null ? "vision-predictor" : $"vision-predictor-{predictorName}";
        return builder.Add(new HealthCheckRegistration(name, provider => new VisionPredictorHealthCheck(provider, predictorName), failureStatus, tags, timeout));
    }
}
