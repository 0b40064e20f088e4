using MLNetExtensions.Backbones;
using MLNetExtensions.Compression;
using MLNetExtensions.Compression.Evaluation;
using MLNetExtensions.Compression.Quantization;
using MLNetExtensions.Onnx;

namespace Microsoft.ML;

/// <summary>Quantizes models to 8-bit integers, with calibration rows.</summary>
public static class QuantizationCatalog
{
    /// <summary>
    /// Quantizes a model to 8-bit integers: Conv, Gemm and MatMul with their weights, and the operators between them. The file becomes
    /// about four times smaller, and ONNX Runtime computes in integers (QLinearConv and the like), which is faster. Inputs and outputs keep
    /// their types.
    /// </summary>
    /// <param name="catalog">The catalog, <c>ml.Vision()</c>.</param>
    /// <param name="model">The model in float: a trained one (<c>transformer.Model</c>), or any ONNX file's graph.</param>
    /// <param name="options">All settings; they are copied.</param>
    /// <remarks>
    /// The graph is in ONNX's QDQ form. BatchNorms are folded first; weights are signed and symmetric, with a scale for each output
    /// channel; biases have 32 bits. See arXiv 2004.09602 for the method. The default is right on every processor
    /// (<see cref="QuantizeOptions.ReduceRange"/>).
    /// </remarks>
    /// <exception cref="ArgumentException">The calibration set is missing, a layer named in the options does not exist, or the
    /// preprocessing does not fit the model.</exception>
    /// <exception cref="ArgumentOutOfRangeException">Settings are out of range, or a column is missing or of another type or size than the
    /// model's input.</exception>
    /// <exception cref="InvalidOperationException">A set is empty, the calibration rows are of one class, there is nothing to quantize, or
    /// the requested accuracy cannot be kept.</exception>
    /// <exception cref="MLNetExtensions.Imaging.InvalidImageException">More images than <see cref="CompressionOptions.MaxInvalidImages"/>
    /// cannot be read.</exception>
    /// <exception cref="OperationCanceledException">It was canceled.</exception>
    public static CompressedModel Quantize(this VisionOperationsCatalog catalog, OnnxGraph model, QuantizeOptions options)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(options);
        options = CompressionOptions.Copy(options);
        var run = new CompressionRun(catalog.Context, options);
        SourceModel source = SourceModel.Of(model, options);
        options.NodesToExclude = source.Resolve(options.NodesToExclude);
        using ModelRows rows = ModelRows.Read(run, source, options.CalibrationSet!, "calibration", needsLabels: false);
        if (rows.Classes.Length > 0 && rows.Classes.Distinct().Count() == 1)
            throw new InvalidOperationException(
                $"All {rows.Count} calibration rows have the same value in column '{options.LabelColumnName}'; ranges of one class do "
                    + $"not hold for the others. "
                    + $"Shuffle the rows before TakeRows, or take some of each class."
            );
        using var meter = new CompressionMeter(run, source, rows);
        OnnxGraph prepared = InferenceForm.Of(source.Network);
        var quantization = new StaticQuantization(run, prepared, rows, options);
        var warnings = new List<string>(source.Warnings);
        (OnnxGraph network, IReadOnlyList<LayerWeights> kept) = Search(run, quantization, source, rows, meter, options, warnings);
        OnnxGraph graph = source.Complete(network);
        string[] left =
        [
            .. quantization.AllLayers.Where(l => kept.Contains(l) || options.NodesToExclude.Any(l.IsNamed)).Select(l => l.Name),
        ];
        string method =
            $"INT8, static ({options.Calibration.GetType().Name}, {rows.Count} rows{(options.FineTuning is null ? "" : ", fine-tuned")})";
        return new CompressedModel(
            graph,
            meter.Report(method, graph) with
            {
                CompressedLayers = [.. quantization.AllLayers.Select(l => l.Name).Except(left)],
                KeptLayers = left,
                Processors = WeightLimits.Processors(options.WeightType, options.ReduceRange),
                Warnings = warnings,
            }
        );
    }

    /// <summary>Quantizes all layers; if too much is lost, leaves the layers in float that the outputs depend on most.</summary>
    private static (OnnxGraph Graph, IReadOnlyList<LayerWeights> Float) Search(
        CompressionRun run,
        StaticQuantization quantization,
        SourceModel source,
        ModelRows rows,
        CompressionMeter meter,
        QuantizeOptions options,
        List<string> warnings
    )
    {
        OnnxGraph all = options.FineTuning is null ? quantization.Quantize(_ => false) : FineTune([]);
        if (Keeps(all))
            return (all, []);
        (OnnxGraph graph, IReadOnlyList<LayerWeights> kept) = SensitivitySearch.Find(run, quantization, source.Graph, rows, meter, options);
        return (options.FineTuning is not null && FineTune(kept) is var better && Keeps(better) ? better : graph, kept);

        bool Keeps(OnnxGraph quantized) =>
            options.MaxAccuracyLoss is not { } most || meter.AccuracyBefore - meter.AccuracyOf(quantized) <= most;

        OnnxGraph FineTune(IReadOnlyList<LayerWeights> inFloat)
        {
            OnnxGraph plain = quantization.Quantize(inFloat.Contains);
            using ModelRows? own = options.FineTuning!.TrainingSet is { } set
                ? ModelRows.Read(run, source, set, "fine-tuning", needsLabels: false)
                : null;
            OnnxGraph tuned = quantization.FineTune(inFloat.Contains, own ?? rows, options.FineTuning);
            ModelAnswers answers = ModelAnswers.Of(run, source.Graph, rows);
            (double before, double after) = (
                answers.ErrorOf(ModelAnswers.Of(run, plain, rows)),
                answers.ErrorOf(ModelAnswers.Of(run, tuned, rows))
            );
            if (after <= before)
                return tuned;
            warnings.Add(
                $"Fine-tuning moved the outputs of the calibration rows from {before:P2} to {after:P2} off those of the float model; "
                    + $"the model is the one before. Lower FineTuning.LearningRate, or give more rows."
            );
            return plain;
        }
    }

    /// <summary>Quantizes a backbone to 8-bit integers, using its preprocessing.</summary>
    /// <inheritdoc cref="Quantize(VisionOperationsCatalog, OnnxGraph, QuantizeOptions)"/>
    public static CompressedModel Quantize(this VisionOperationsCatalog catalog, Backbone model, QuantizeOptions options)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(options);
        var own = (QuantizeOptions)options.Clone();
        own.Preprocessing ??= model.Preprocessing;
        return catalog.Quantize(model.Graph, own);
    }
}
