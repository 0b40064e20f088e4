using System.Numerics.Tensors;
using MLNetExtensions.Compression.Evaluation;
using MLNetExtensions.Onnx;
using MLNetExtensions.Onnx.Passes;
using MLNetExtensions.Onnx.Surgery;

namespace MLNetExtensions.Compression.Quantization;

/// <summary>
/// Evens out what a matrix layer multiplies. A classifier trained on standardized features has weights many times larger than all others
/// for features that are hardly ever more than 0; in 8 bits with a scale for each output the other weights would be rounded to 0, and those
/// features too. Such weights are divided by a power of two and their input is multiplied by it, no further than the input's range: nothing
/// else is rounded more coarsely for it, and in float the answers are the same. (The idea of SmoothQuant, arXiv 2211.10438, for outlying
/// weights.)
/// </summary>
internal static class InputScaling
{
    /// <summary>
    /// Limits of an input's largest weight, as multiples of the median over all inputs: from Spread on weights are reduced, down to
    /// LeftSpread.
    /// </summary>
    private const float Spread = 16,
        LeftSpread = 2;

    /// <summary>The graph with such inputs multiplied; the same graph if there are none.</summary>
    /// <param name="run">The call.</param>
    /// <param name="graph">A graph in <see cref="InferenceForm"/>.</param>
    /// <param name="rows">The calibration rows.</param>
    /// <param name="isFloat">True if a layer is left in float.</param>
    public static OnnxGraph Apply(CompressionRun run, OnnxGraph graph, ModelRows rows, Func<LayerWeights, bool> isFloat)
    {
        var index = new GraphIndex(graph);
        var flow = new DataFlow(graph);
        var wanted = new Dictionary<OnnxNode, (LayerWeights Layer, float[] Factors)>(ReferenceEqualityComparer.Instance);
        foreach (
            LayerWeights layer in graph
                .Nodes.Select(n => LayerWeights.Of(n, index))
                .OfType<LayerWeights>()
                .Where(l => l.Node.OpType != "Conv" && flow.IsData(l.Input) && !isFloat(l))
        )
            if (Wanted(layer) is { } factors)
                wanted.Add(layer.Node, (layer, factors));
        if (wanted.Count == 0)
            return graph;
        var calibration = new CalibrationRun(
            run,
            graph,
            [],
            wanted.Values.Select(w => w.Layer.Input).Distinct().ToDictionary(v => v, _ => -1),
            rows,
            counts: false
        );
        var draft = new GraphDraft(graph);
        foreach (OnnxNode node in graph.Nodes)
            draft.Add(
                wanted.TryGetValue(node, out (LayerWeights Layer, float[] Factors) w)
                    ? Scaled(draft, w.Layer, Possible(w.Factors, calibration.Largest(w.Layer.Input)))
                    : node
            );
        return draft.ToGraph();
    }

    /// <summary>The factor by which the weights of each input are too large; null if none are.</summary>
    private static float[]? Wanted(LayerWeights layer)
    {
        var largest = new float[layer.Weight.Shape[1 - layer.Axis]];
        float[] weights = layer.Weight.ToFloats();
        for (int i = 0; i < weights.Length; i++)
            largest[InputOf(layer, i)] = Math.Max(largest[InputOf(layer, i)], Math.Abs(weights[i]));
        float[] sizes = [.. largest.Where(size => size > 0).Order()];
        if (sizes.Length == 0)
            return null;
        float middle = sizes[sizes.Length / 2];
        return sizes[^1] >= Spread * middle ? [.. largest.Select(size => size / (LeftSpread * middle))] : null;
    }

    /// <summary>Powers of two that keep each input within the range of all.</summary>
    private static float[] Possible(float[] factors, float[] inputs)
    {
        float range = TensorPrimitives.Max<float>(inputs);
        return
        [
            .. factors.Select(
                (factor, i) => MathF.ScaleB(1, Math.Max(0, MathF.ILogB(inputs[i] > 0 ? Math.Min(factor, range / inputs[i]) : factor)))
            ),
        ];
    }

    private static OnnxNode Scaled(GraphDraft draft, LayerWeights layer, float[] factors)
    {
        if (factors.All(f => f == 1))
            return layer.Node;
        string scales = draft.Add(OnnxTensor.FromFloats(layer.Input + "/factors", [factors.Length], factors)),
            scaled = draft.NewName(layer.Input + "/evened");
        draft.Add(OnnxNode.Create("Mul", [layer.Input, scales], [scaled]) with { Name = "" });
        string weight = draft.Add(
            OnnxTensor.FromFloats(
                layer.Weight.Name + "/evened",
                [.. layer.Weight.Shape],
                [.. layer.Weight.ToFloats().Select((v, i) => v / factors[InputOf(layer, i)])]
            )
        );
        return layer.Node with { Inputs = [scaled, weight, .. layer.Node.Inputs.Skip(2)] };
    }

    private static int InputOf(LayerWeights layer, int index) =>
        layer.Axis == 0 ? index % (int)layer.Weight.Shape[1] : index / (int)layer.Weight.Shape[1];
}
