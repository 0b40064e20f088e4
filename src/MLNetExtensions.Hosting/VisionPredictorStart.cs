using Microsoft.Extensions.Hosting;
using MLNetExtensions.Serving;

namespace MLNetExtensions.Hosting;

/// <summary>
/// Makes a predictor before the application takes requests, so that none waits for the model, and a model that cannot be loaded stops the
/// start.
/// </summary>
internal sealed class VisionPredictorStart(Func<VisionPredictor> make) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken) => Task.Run(make, cancellationToken);

    // The service provider disposes the predictor, after the server has ended its requests.
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
