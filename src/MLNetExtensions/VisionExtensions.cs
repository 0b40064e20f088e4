namespace Microsoft.ML;

/// <summary>Adds <c>ml.Vision()</c> to an <see cref="MLContext"/>.</summary>
public static class VisionExtensions
{
    /// <summary>
    /// The operations on images and image models that none of ML.NET's own catalogs has a place for. Trainers are in
    /// <c>ml.MulticlassClassification.Trainers</c> and <c>ml.Regression.Trainers</c>, steps of pipelines in <c>ml.Transforms</c>, loaders
    /// in <c>ml.Data</c>, predictors in <c>ml.Model</c>.
    /// </summary>
    /// <param name="mlContext">The context: its seed, log, temporary folder and GPU settings are used.</param>
    /// <exception cref="ArgumentNullException"><paramref name="mlContext"/> is null.</exception>
    public static VisionOperationsCatalog Vision(this MLContext mlContext)
    {
        ArgumentNullException.ThrowIfNull(mlContext);
        return new VisionOperationsCatalog(mlContext);
    }
}
