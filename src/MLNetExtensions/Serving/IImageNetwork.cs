using MLNetExtensions.Scoring.Batches;
using MLNetExtensions.Scoring.Sessions;

namespace MLNetExtensions.Serving;

/// <summary>A network from images' pixels to output values. Thread-safe.</summary>
internal interface IImageNetwork : IDisposable
{
    /// <summary>The layout of images in the single input and of values in the single output.</summary>
    ScoringPlan Plan { get; }

    /// <summary>Writes decoded canvases as the input.</summary>
    PixelWriter Writer { get; }

    /// <summary>Scores a batch whose input is filled.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="alone">True if nothing else waits to be decoded or scored, so that the batch may have all threads.</param>
    void Run(ScoreBatch batch, bool alone);
}
