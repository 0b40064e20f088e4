using Microsoft.ML;

namespace MLNetExtensions.Compression.Evaluation;

/// <summary>One call that compresses: what all its parts work with.</summary>
/// <param name="Context">Says where temporary files go and which device scores.</param>
/// <param name="Options">A copy of the caller's settings, checked.</param>
internal sealed record CompressionRun(MLContext Context, CompressionOptions Options)
{
    /// <summary>The number of threads.</summary>
    public int Threads => Options.Threads ?? Environment.ProcessorCount;

    /// <exception cref="OperationCanceledException">The call was canceled.</exception>
    public void ThrowIfCanceled() => Options.CancellationToken.ThrowIfCancellationRequested();
}
