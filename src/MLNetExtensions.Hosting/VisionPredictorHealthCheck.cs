using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using MLNetExtensions.Serving;

namespace MLNetExtensions.Hosting;

/// <summary>
/// Checks that a predictor answers, without delay even under load. If it has requests and answered one a moment ago, it is healthy;
/// otherwise a black image is sent like any request. Degraded: the predictor is full, or a changed model file could not be loaded. Failed:
/// there is no predictor, or it does not answer.
/// </summary>
internal sealed class VisionPredictorHealthCheck(IServiceProvider provider, string? predictorName) : IHealthCheck
{
    // An image of the check's own would wait behind all requests that are inside.
    private static readonly TimeSpan Recently = TimeSpan.FromSeconds(5);

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        VisionPredictor predictor;
        try
        {
            predictor = predictorName is null
                ? provider.GetRequiredService<VisionPredictor>()
                : provider.GetRequiredKeyedService<VisionPredictor>(predictorName);
        }
        catch (Exception e)
        {
            return new HealthCheckResult(context.Registration.FailureStatus, $"The predictor cannot be made: {e.Message}", e);
        }
        VisionPredictorStatus status = predictor.Status;
        var data = new Dictionary<string, object>
        {
            ["requests"] = status.Requests,
            ["capacity"] = status.Capacity,
            ["modelVersion"] = status.ModelVersion,
        };
        if (status.Requests >= status.Capacity)
            return HealthCheckResult.Degraded($"The predictor is full: it holds {status.Requests} requests.", data: data);
        try
        {
            if (status.Requests == 0 || !predictor.HasAnsweredWithin(Recently))
                await predictor.ProbeAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (PredictorOverloadedException e)
        {
            return HealthCheckResult.Degraded("The predictor is full.", e, data);
        }
        catch (Exception e) when (e is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            return new HealthCheckResult(context.Registration.FailureStatus, $"The predictor does not answer: {e.Message}", e, data);
        }
        return status.ReloadError is { } error
            ? HealthCheckResult.Degraded(
                $"The model file has changed and cannot be loaded; model {status.ModelVersion} answers. {error.Message}",
                error,
                data
            )
            : HealthCheckResult.Healthy($"Model {status.ModelVersion} answers.", data);
    }
}
