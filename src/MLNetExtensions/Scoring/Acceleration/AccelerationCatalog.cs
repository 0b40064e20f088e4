using MLNetExtensions.Data.Schema;
using Microsoft.ML.Data;
using MLNetExtensions.Scoring.Acceleration;
using MLNetExtensions.Sessions;

namespace Microsoft.ML;

/// <summary>Makes loaded models faster.</summary>
public static class AccelerationCatalog
{
    /// <summary>
    /// Makes a loaded model score in batches: its ONNX steps, and the LoadImages, ResizeImages and ExtractPixels before them, are done in one step on several threads, in
    /// chains of any nesting. All columns stay as they are, also those in between, and so do the scores.
    /// Saving it again writes the transformers that it was loaded with.
    /// </summary>
    /// <param name="catalog">The catalog, <c>ml.Model</c>.</param>
    /// <param name="model">The model: of Model.Load, or a fitted pipeline with ApplyOnnxModel. What is returned takes it over: dispose that.</param>
    /// <param name="settings">How ONNX Runtime runs the models; null takes the defaults.</param>
    /// <returns>The model, with the same schema. A PredictionEngine of it scores as before.</returns>
    /// <remarks>
    /// Images are decoded and resized as ML.NET does it, EXIF orientation ignored. A row without an image (an empty path), which ML.NET scores as zeros, is an error.
    /// </remarks>
    /// <exception cref="ArgumentException">The model has no ONNX step; the message lists its steps.</exception>
    /// <example><code>
    /// ITransformer model = ml.Model.Accelerate(ml.Model.Load("model.zip", out _));
    /// </code></example>
    public static TransformerChain<ITransformer> Accelerate(this ModelOperationsCatalog catalog, ITransformer model, OnnxSessionSettings? settings = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        settings?.Validate();
        return Accelerator.Accelerate(CatalogContext.Of(catalog), model, settings ?? new OnnxSessionSettings());
    }
}
