using MLNetExtensions.Compression;
using MLNetExtensions.Compression.Evaluation;
using MLNetExtensions.Compression.Quantization;
using MLNetExtensions.Onnx;

namespace Microsoft.ML;

/// <summary>Quantizes models to 8-bit weights, without calibration rows.</summary>
public static class DynamicQuantizationCatalog
{
    /// <summary>
    /// Quantizes the weights of matrix products (Gemm, MatMul) to 8-bit integers and multiplies in integers, with the range of each batch's
    /// inputs measured as it comes: no calibration rows. For vision transformers and other networks of matrix products; convolutions stay
    /// in float (see <see cref="QuantizationCatalog.Quantize(VisionOperationsCatalog, OnnxGraph, QuantizeOptions)"/>).
    /// </summary>
    /// <param name="catalog">The catalog, <c>ml.Vision()</c>.</param>
    /// <param name="model">The model in float.</param>
    /// <param name="options">All settings; they are copied. An evaluation set is only for the report.</param>
    /// <exception cref="ArgumentException">A layer named in the options does not exist.</exception>
    /// <exception cref="ArgumentOutOfRangeException">Settings are out of range, or a column is missing or of another type or size than the
    /// model's input.</exception>
    /// <exception cref="InvalidOperationException">There is nothing to quantize, or the evaluation set is empty.</exception>
    public static CompressedModel QuantizeDynamic(
        this VisionOperationsCatalog catalog,
        OnnxGraph model,
        DynamicQuantizeOptions? options = null
    )
    {
        ArgumentNullException.ThrowIfNull(model);
        options = CompressionOptions.Copy(options);
        SourceModel source = SourceModel.Of(model, options);
        options.NodesToExclude = source.Resolve(options.NodesToExclude);
        var quantization = new DynamicQuantization(InferenceForm.Of(source.Network), options);
        using var meter = new CompressionMeter(new CompressionRun(catalog.Context, options), source, other: null);
        OnnxGraph graph = source.Complete(quantization.Quantize());
        return new CompressedModel(
            graph,
            meter.Report("INT8, dynamic", graph) with
            {
                CompressedLayers = [.. quantization.AllLayers.Except(quantization.KeptLayers).Select(l => l.Name)],
                KeptLayers = [.. quantization.KeptLayers.Select(l => l.Name)],
                Processors = WeightLimits.Processors(options.WeightType, options.ReduceRange),
                Warnings = source.Warnings,
            }
        );
    }
}
