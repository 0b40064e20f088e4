using Microsoft.Extensions.Hosting;

namespace MLNetExtensions.Tool.Serving;

/// <summary>A host that does not listen for Ctrl-C itself.</summary>
internal sealed class NoLifetime : IHostLifetime
{
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
