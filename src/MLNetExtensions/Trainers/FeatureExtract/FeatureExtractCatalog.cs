using MLNetExtensions.Backbones;
using MLNetExtensions.Trainers.FeatureExtract;

namespace Microsoft.ML;

public sealed partial class VisionCatalog
{
    /// <summary>Makes the estimator that turns pictures into a backbone's features.</summary>
    /// <param name="outputColumnName">The output column, a vector of Single.</param>
    /// <param name="inputColumnName">The picture column: an MLImage, a file's path (text), a file's bytes (vector of Byte), or pixels (vector of Single). Null: the output column's name.</param>
    /// <param name="backbone">The pretrained network.</param>
    /// <exception cref="ArgumentException">A column name is empty or there is no backbone.</exception>
    public FeatureExtractEstimator FeatureExtract(string outputColumnName, string? inputColumnName, Backbone backbone) =>
        FeatureExtract(new FeatureExtractOptions
        {
            OutputColumnName = outputColumnName,
            InputColumnName = inputColumnName ?? outputColumnName,
            Backbone = backbone,
        });

    /// <summary>Makes the estimator that turns pictures into a backbone's features.</summary>
    /// <param name="options">All settings; they are copied.</param>
    /// <exception cref="ArgumentException">A column name is empty or there is no backbone.</exception>
    public FeatureExtractEstimator FeatureExtract(FeatureExtractOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return new FeatureExtractEstimator(Context, options);
    }
}
