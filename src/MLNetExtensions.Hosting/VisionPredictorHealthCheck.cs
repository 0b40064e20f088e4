using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using MLNetExtensions.Serving;

namespace MLNetExtensions.Hosting;

/// <summary>
/// Sends a black picture the way of every request. Degraded: the predictor is full, or a changed model file could not be loaded. Failed: there is no
/// predictor, or it does not answer.
/// </summary>
internal sealed class VisionPredictorHealthCheck(IServiceProvider provider, string? predictorName) : IHealthCheck
{
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
            ? HealthCheckResult.Degraded($"The model file has changed and cannot be loaded; model {status.ModelVersion} answers. {error.Message}", error, data)
            : HealthCheckResult.Healthy($"Model {status.ModelVersion} answers.", data);
    }
}
