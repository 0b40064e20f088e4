using MLNetExtensions.Imaging;

namespace MLNetExtensions.Scoring.ScoreOnnx;

/// <summary>The handling of rows whose image cannot be read.</summary>
public enum InvalidImagePolicy
{
    /// <summary>Throws an <see cref="InvalidImageException"/> when the row is reached.</summary>
    Error,

    /// <summary>
    /// Gives the row missing scores (NaN, a missing key, 0 for integers, an empty text), and lists it in
    /// <see cref="ScoreOnnxTransformer.InvalidImages"/>.
    /// </summary>
    MissingScore,
}
