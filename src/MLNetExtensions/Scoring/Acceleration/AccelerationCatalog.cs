using Microsoft.ML.Data;
using MLNetExtensions.Data.Schema;
using MLNetExtensions.Scoring.Acceleration;
using MLNetExtensions.Sessions;

namespace Microsoft.ML;

/// <summary>Makes loaded models faster.</summary>
public static class AccelerationCatalog
{
    /// <summary>
    /// Makes a loaded model score in batches: its ONNX steps, and the LoadImages, ResizeImages and ExtractPixels before them, run as one
    /// step on several threads, in chains of any nesting. All columns, also intermediate ones, and all scores stay the same.
    /// Saving it again writes the transformers that it was loaded with.
    /// </summary>
    /// <param name="catalog">The catalog, <c>ml.Model</c>.</param>
    /// <param name="model">The model: from Model.Load, or a fitted pipeline with ApplyOnnxModel. The returned model takes ownership of it:
    /// dispose that one.</param>
    /// <param name="settings">The settings of ONNX Runtime; null for the defaults.</param>
    /// <returns>The model, with the same schema. A PredictionEngine of it scores as before.</returns>
    /// <remarks>
    /// Images are decoded and resized as in ML.NET, without EXIF orientation. A row without an image (an empty path), which ML.NET scores
    /// as zeros, is an error.
    /// </remarks>
    /// <exception cref="ArgumentException">The model has no ONNX step; the message lists its steps.</exception>
    /// <example><code>
    /// ITransformer model = ml.Model.Accelerate(ml.Model.Load("model.zip", out _));
    /// </code></example>
    public static TransformerChain<ITransformer> Accelerate(
        this ModelOperationsCatalog catalog,
        ITransformer model,
        OnnxSessionSettings? settings = null
    )
    {
        ArgumentNullException.ThrowIfNull(model);
        settings?.Validate();
        return Accelerator.Accelerate(CatalogContext.Of(catalog), model, settings ?? new OnnxSessionSettings());
    }
}
