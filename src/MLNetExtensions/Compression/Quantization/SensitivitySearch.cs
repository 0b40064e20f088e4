using MLNetExtensions.Compression.Evaluation;
using MLNetExtensions.Onnx;

namespace MLNetExtensions.Compression.Quantization;

/// <summary>Finds the fewest layers that must stay in float for an accuracy to be kept.</summary>
internal static class SensitivitySearch
{
    /// <summary>The rows by which layers are ranked; accuracy is measured on all.</summary>
    private const int RankingRows = 256;

    /// <summary>
    /// For a model of which too much is lost where all layers are quantized. Layers are ranked by how far the outputs move when each alone
    /// is quantized. Those at the top stay in float: one, two, four ... until the accuracy is kept, then by halves as few of them as keep
    /// it.
    /// </summary>
    /// <param name="run">The call.</param>
    /// <param name="quantization">Quantizes.</param>
    /// <param name="original">The model in float.</param>
    /// <param name="rows">The calibration rows.</param>
    /// <param name="meter">Measures accuracy.</param>
    /// <param name="options">Say what may be lost.</param>
    /// <returns>The graph, and the layers left in float.</returns>
    /// <exception cref="InvalidOperationException">The accuracy is not kept even with one layer quantized.</exception>
    public static (OnnxGraph Graph, IReadOnlyList<LayerWeights> Float) Find(
        CompressionRun run,
        StaticQuantization quantization,
        OnnxGraph original,
        ModelRows rows,
        CompressionMeter meter,
        QuantizeOptions options
    )
    {
        double least = meter.AccuracyBefore!.Value - options.MaxAccuracyLoss!.Value;
        ModelAnswers answers = Answer(original);
        LayerWeights[] ranked =
        [
            .. quantization
                .Layers.Select(layer => (Layer: layer, Error: answers.ErrorOf(Answer(quantization.Quantize(other => other != layer)))))
                .OrderByDescending(l => l.Error)
                .Select(l => l.Layer),
        ];
        // So many too few, and so many enough.
        (int low, int high, OnnxGraph? found) = (0, 1, null);
        while (found is null)
        {
            if (high >= ranked.Length)
                throw new InvalidOperationException(
                    $"An accuracy loss of at most {options.MaxAccuracyLoss} cannot be kept: even with all but one of {ranked.Length} "
                        + $"layers in float more is lost. Allow more, or give more calibration rows."
                );
            if (Try(high) is { } graph)
                found = graph;
            else
                (low, high) = (high, high == ranked.Length - 1 ? ranked.Length : Math.Min(2 * high, ranked.Length - 1));
        }
        while (high - low > 1)
        {
            int middle = (low + high) / 2;
            if (Try(middle) is { } graph)
                (high, found) = (middle, graph);
            else
                low = middle;
        }
        return (found, ranked[..high]);

        ModelAnswers Answer(OnnxGraph graph) => ModelAnswers.Of(run, graph, rows, RankingRows);

        bool Keeps(OnnxGraph graph) => meter.AccuracyOf(graph) >= least;

        OnnxGraph? Try(int count)
        {
            HashSet<LayerWeights> kept = [.. ranked[..count]];
            OnnxGraph graph = quantization.Quantize(kept.Contains);
            return Keeps(graph) ? graph : null;
        }
    }
}
