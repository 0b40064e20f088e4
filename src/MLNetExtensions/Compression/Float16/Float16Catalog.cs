using MLNetExtensions.Compression;
using MLNetExtensions.Compression.Evaluation;
using MLNetExtensions.Compression.Float16;
using MLNetExtensions.Onnx;

namespace Microsoft.ML;

/// <summary>Converts models to 16-bit floats.</summary>
public static class Float16Catalog
{
    /// <summary>Stores a model's weights as 16-bit floats, or also computes with them. Inputs and outputs keep their types.</summary>
    /// <param name="catalog">The catalog, <c>ml.Vision()</c>.</param>
    /// <param name="model">The model of 32-bit floats.</param>
    /// <param name="options">All settings; they are copied. An evaluation set is only for the report.</param>
    /// <exception cref="ArgumentOutOfRangeException">Settings are out of range, or a column is missing or of another type or size than the
    /// model's input.</exception>
    /// <exception cref="InvalidOperationException">The evaluation set is empty.</exception>
    /// <exception cref="OnnxFormatException">The types of values cannot be inferred because sizes are open, or ONNX Runtime cannot run the
    /// model.</exception>
    public static CompressedModel ToFloat16(this VisionOperationsCatalog catalog, OnnxGraph model, Float16Options? options = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        options = CompressionOptions.Copy(options);
        var run = new CompressionRun(catalog.Context, options);
        SourceModel source = SourceModel.Of(model, options);
        var warnings = new List<string>(source.Warnings);
        IReadOnlyCollection<OnnxNode> converted = [];
        OnnxGraph graph;
        if (options.Mode == Float16Mode.Weights)
            graph = HalfWeights.Apply(source.Graph, warnings);
        else
        {
            (graph, converted) = HalfGraph.Write(InferenceForm.Of(source.Network), options, warnings);
            graph = source.Complete(graph);
        }
        // Not every runtime has every operator in 16 bits: what cannot be loaded is not handed out.
        using (new GraphSession(run, graph, [])) { }
        using var meter = new CompressionMeter(run, source, other: null);
        return new CompressedModel(
            graph,
            meter.Report($"FP16, {(options.Mode == Float16Mode.Weights ? "weights" : "weights and arithmetic")}", graph) with
            {
                CompressedLayers = [.. converted.Select(n => n.Label)],
                Warnings = warnings,
            }
        );
    }
}
