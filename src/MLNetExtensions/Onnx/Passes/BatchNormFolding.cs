using MLNetExtensions.Backbones;
using MLNetExtensions.Onnx.Constants;

namespace MLNetExtensions.Onnx.Passes;

/// <summary>
/// Folds a BatchNormalization into the Conv, ConvTranspose or Gemm before it, whose weights and bias take over its scale and shift: the same numbers with
/// one operator less. For models that are not trained any more; training needs the normalisation (ONNX Runtime does this by itself when it loads a model, but
/// quantization and pruning must see the weights as they will be). A BatchNormalization stays where something else reads the layer's output, or
/// where a weight is no constant.
/// </summary>
public static class BatchNormFolding
{
    /// <summary>The graph with its BatchNormalizations folded where that can be done.</summary>
    public static OnnxGraph Apply(OnnxGraph graph)
    {
        ArgumentNullException.ThrowIfNull(graph);
        var index = new GraphIndex(graph);
        var names = new ValueNames(graph);
        var initializers = new OrderedDictionary<string, OnnxTensor>(graph.Initializers);
        var folded = new Dictionary<OnnxNode, OnnxNode>(ReferenceEqualityComparer.Instance);
        var gone = new HashSet<OnnxNode>(ReferenceEqualityComparer.Instance);
        foreach (OnnxNode norm in graph.Nodes.Where(n => n is { OpType: "BatchNormalization", Domain: "" }))
        {
            if (!index.Producers.TryGetValue(norm.Inputs[0], out OnnxNode? layer) || index.OnlyReader(norm.Inputs[0]) != norm
                || ScaleAndShift.Of(norm, index) is not { } affine || Fold(layer, affine, index) is not { } weights)
                continue;
            // A weight that another layer has too must stay what it is there.
            string weight = Place(layer.Inputs[1], weights.Weight);
            string bias = layer.HasInput(2) ? Place(layer.Inputs[2], weights.Bias) : Add(names.Take(norm.Inputs[2]), weights.Bias);
            folded[layer] = layer with { Inputs = [layer.Inputs[0], weight, bias], Outputs = [norm.Outputs[0]], Attributes = weights.Attributes };
            gone.Add(norm);
        }
        return gone.Count == 0 ? graph : RemoveUnused.Apply(graph with
        {
            IrVersion = Math.Max(graph.IrVersion, OnnxGraph.MinimumConstantIrVersion),
            Nodes = [.. graph.Nodes.Where(n => !gone.Contains(n)).Select(n => folded.GetValueOrDefault(n, n))],
            Initializers = initializers,
        });

        string Place(string name, OnnxTensor value) => Add(index.OnlyReader(name) is null ? names.Take(name) : name, value);

        string Add(string name, OnnxTensor value)
        {
            initializers[name] = value.Rename(name);
            return name;
        }
    }

    private static (OnnxTensor Weight, OnnxTensor Bias, IReadOnlyDictionary<string, OnnxAttribute> Attributes)? Fold(OnnxNode layer, ScaleAndShift affine, GraphIndex index)
    {
        if (layer.Domain.Length > 0 || index.Constant(layer, 1) is not { } weight || (layer.HasInput(2) && index.Constant(layer, 2) is null))
            return null;
        bool isGemm = layer.OpType == "Gemm";
        bool transposed = layer.OpType == "ConvTranspose";
        if (!isGemm && !transposed && layer.OpType != "Conv")
            return null;
        int groups = transposed ? (int)layer.Int("group", 1) : 1;
        int axis = isGemm ? (layer.Int("transB", 0) != 0 ? 0 : 1) : transposed ? 1 : 0;
        long channels = weight.Shape[axis] * groups;
        if (affine.Scale.Length != channels)
            return null;

        // A Gemm's beta multiplies its bias, which the shift is now part of.
        double beta = isGemm ? layer.Float("beta", 1) : 1;
        double[] bias = new double[channels];
        if (layer.HasInput(2))
        {
            double[] old = Numbers.ToDoubles(index.Constant(layer, 2)!);
            if (old.Length != 1 && old.Length != channels)
                return null;
            for (int c = 0; c < bias.Length; c++)
                bias[c] = beta * old[old.Length == 1 ? 0 : c];
        }
        for (int c = 0; c < bias.Length; c++)
            bias[c] = bias[c] * affine.Scale[c] + affine.Shift[c];

        double[] values = Numbers.ToDoubles(weight);
        long inner = weight.Shape.Skip(axis + 1).Aggregate(1L, (a, b) => a * b), rows = weight.Shape[axis];
        // The first axis of a ConvTranspose's weight is the input channels, of all groups one after another.
        long inputsOfGroup = transposed ? weight.Shape[0] / groups : 1;
        for (long i = 0; i < values.Length; i++)
        {
            long channel = i / inner % rows;
            long group = transposed ? i / inner / rows / inputsOfGroup : 0;
            values[i] *= affine.Scale[group * rows + channel];
        }
        return (
            Numbers.FromDoubles(weight.Name, weight.ElementType, [.. weight.Shape], values),
            Numbers.FromDoubles("", weight.ElementType, [channels], bias),
            layer.Attributes.Where(a => a.Key != "beta").ToDictionary());
    }

    /// <summary>What a normalisation by running statistics does to each channel: times Scale, plus Shift.</summary>
    private sealed record ScaleAndShift(double[] Scale, double[] Shift)
    {
        public static ScaleAndShift? Of(OnnxNode norm, GraphIndex index)
        {
            bool trains = norm.Int("training_mode", 0) != 0 || Enumerable.Range(1, 4).Any(norm.HasOutput);
            OnnxTensor?[] parts = [.. Enumerable.Range(1, 4).Select(i => index.Constant(norm, i))];
            if (trains || norm.Int("spatial", 1) == 0 || parts.Any(p => p is null))
                return null;
            double[][] values = [.. parts.Select(p => Numbers.ToDoubles(p!))];
            double epsilon = norm.Float("epsilon", 1e-5f);
            double[] scale = [.. values[0].Select((gamma, c) => gamma / Math.Sqrt(values[3][c] + epsilon))];
            return new ScaleAndShift(scale, [.. values[1].Select((beta, c) => beta - values[2][c] * scale[c])]);
        }
    }
}
