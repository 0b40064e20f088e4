using MLNetExtensions.Onnx.Tensors;

namespace MLNetExtensions.Onnx.Passes;

/// <summary>
/// Folds a BatchNormalization into the Conv, ConvTranspose or Gemm before it, whose weights and bias absorb its scale and shift: the same
/// results with one operator less. A Mul, Div, Add or Sub of one constant per channel, which some exporters write instead, is folded too.
/// For models that are not trained any more; training needs the normalization. (ONNX Runtime does this when it loads a model, but
/// quantization and pruning must see the final weights.) A normalization stays if something else reads the layer's output, or if a weight
/// is not constant.
/// </summary>
public static class BatchNormFolding
{
    /// <summary>Folds the graph's normalizations where possible.</summary>
    public static OnnxGraph Apply(OnnxGraph graph)
    {
        ArgumentNullException.ThrowIfNull(graph);
        var index = new GraphIndex(graph);
        var names = new ValueNames(graph);
        var initializers = new OrderedDictionary<string, OnnxTensor>(graph.Initializers);
        var own = new HashSet<string>();
        // The layer that makes a value, as the file has it and as it is by now.
        var layers = new Dictionary<string, (OnnxNode Original, OnnxNode Folded)>();
        var folded = new Dictionary<OnnxNode, OnnxNode>(ReferenceEqualityComparer.Instance);
        var gone = new HashSet<OnnxNode>(ReferenceEqualityComparer.Instance);
        foreach (OnnxNode node in graph.Nodes)
        {
            if (node is { OpType: "Conv" or "ConvTranspose" or "Gemm", Domain: "" })
            {
                layers[node.Outputs[0]] = (node, node);
                continue;
            }
            string? input = node.Inputs.FirstOrDefault(layers.ContainsKey);
            if (input is null || index.OnlyReader(input) != node)
                continue;
            (OnnxNode original, OnnxNode layer) = layers[input];
            if (FoldableLayer.Of(layer, initializers) is not { } weights || ScaleAndShift.Of(node, input, weights, graph) is not { } affine)
                continue;
            (OnnxTensor weight, OnnxTensor bias) = weights.Fold(affine);
            string[] inputs =
            [
                layer.Inputs[0],
                Place(layer.Inputs[1], weight),
                Place(layer.HasInput(2) ? layer.Inputs[2] : affine.BiasName, bias),
            ];
            // A Gemm's beta multiplies its bias, which holds it now.
            layer = layer.Without("beta") with
            {
                Inputs = inputs,
                Outputs = [node.Outputs[0]],
            };
            layers[node.Outputs[0]] = (original, layer);
            folded[original] = layer;
            gone.Add(node);
        }
        return gone.Count == 0
            ? graph
            : RemoveUnused.Apply(
                graph with
                {
                    IrVersion = Math.Max(graph.IrVersion, OnnxGraph.MinimumConstantIrVersion),
                    Nodes = [.. graph.Nodes.Where(n => !gone.Contains(n)).Select(n => folded.GetValueOrDefault(n, n))],
                    Initializers = initializers,
                }
            );

        string Place(string wished, OnnxTensor value)
        {
            // A weight that another layer has too must stay what it is there.
            string name = own.Contains(wished) || index.OnlyReader(wished) is not null ? wished : names.Take(wished);
            own.Add(name);
            initializers[name] = value.Rename(name);
            return name;
        }
    }

    /// <summary>A layer with constant weights.</summary>
    /// <param name="Node">The layer.</param>
    /// <param name="Weight">Its weight.</param>
    /// <param name="Bias">Its bias, a value for each output channel or one for all; null if it has none.</param>
    /// <param name="Groups">The number of groups of a ConvTranspose, whose weight has the output channels of one group.</param>
    private sealed record FoldableLayer(OnnxNode Node, OnnxTensor Weight, OnnxTensor? Bias, int Groups)
    {
        private int Axis => Node.OpType == "ConvTranspose" || (Node.OpType == "Gemm" && Node.Int("transB", 0) == 0) ? 1 : 0;

        public long Channels => Weight.Shape[Axis] * Groups;

        /// <summary>The number of dimensions of the layer's output; the channels are the second.</summary>
        public int Rank => Weight.Shape.Count;

        public static FoldableLayer? Of(OnnxNode layer, IReadOnlyDictionary<string, OnnxTensor> initializers)
        {
            // What does not fit is left as it is: the runtime says so.
            if (
                !initializers.TryGetValue(layer.Inputs[1], out OnnxTensor? weight)
                || !weight.ElementType.IsFloatingPoint
                || weight.Shape.Count < 2
                || layer.Int("group", 1) < 1
                || layer.Int("group", 1) > weight.Shape[0]
            )
                return null;
            var found = new FoldableLayer(
                layer,
                weight,
                layer.HasInput(2) ? initializers.GetValueOrDefault(layer.Inputs[2]) : null,
                layer.OpType == "ConvTranspose" ? (int)layer.Int("group", 1) : 1
            );
            bool fits = layer.HasInput(2) ? found.Bias is { } bias && (bias.Count == 1 || bias.Count == found.Channels) : true;
            return fits ? found : null;
        }

        public (OnnxTensor Weight, OnnxTensor Bias) Fold(ScaleAndShift affine)
        {
            double beta = Node.OpType == "Gemm" ? Node.Float("beta", 1) : 1;
            double[]? old = Bias is null ? null : Numbers.ToDoubles(Bias);
            double[] bias =
            [
                .. affine.Scale.Select((scale, c) => (old is null ? 0 : beta * old[old.Length == 1 ? 0 : c]) * scale + affine.Shift[c]),
            ];

            double[] values = Numbers.ToDoubles(Weight);
            long inner = Weight.Shape.Skip(Axis + 1).Aggregate(1L, (a, b) => a * b),
                rows = Weight.Shape[Axis];
            // The first axis of a ConvTranspose's weight is the input channels, of all groups one after another.
            long inputsOfGroup = Weight.Shape[0] / Groups;
            for (long i = 0; i < values.Length; i++)
                values[i] *= affine.Scale[(Groups > 1 ? i / inner / rows / inputsOfGroup * rows : 0) + i / inner % rows];
            return (
                Numbers.FromDoubles(Weight.Name, Weight.ElementType, [.. Weight.Shape], values),
                Numbers.FromDoubles("", Weight.ElementType, [bias.Length], bias)
            );
        }
    }

    /// <summary>The effect of a node on each channel: times Scale, plus Shift.</summary>
    /// <param name="Scale">A factor for each channel.</param>
    /// <param name="Shift">A summand for each channel.</param>
    /// <param name="BiasName">The name of the bias of a layer that had none.</param>
    private sealed record ScaleAndShift(double[] Scale, double[] Shift, string BiasName)
    {
        public static ScaleAndShift? Of(OnnxNode node, string input, FoldableLayer layer, OnnxGraph graph)
        {
            if (node.Domain.Length > 0)
                return null;
            ScaleAndShift? found = node.OpType switch
            {
                "BatchNormalization" => OfNorm(node, graph),
                "Mul" or "Div" or "Add" or "Sub" => OfConstant(node, input, layer, graph),
                _ => null,
            };
            return found?.Scale.Length == layer.Channels ? found : null;
        }

        private static ScaleAndShift? OfNorm(OnnxNode norm, OnnxGraph graph)
        {
            bool trains = norm.Int("training_mode", 0) != 0 || Enumerable.Range(1, 4).Any(norm.HasOutput);
            OnnxTensor?[] parts = [.. norm.Inputs.Skip(1).Select(graph.Initializers.GetValueOrDefault)];
            if (trains || norm.Int("spatial", 1) == 0 || parts.Any(p => p is null))
                return null;
            double[][] values = [.. parts.Select(p => Numbers.ToDoubles(p!))];
            if (Array.Exists(values, v => v.Length != values[0].Length))
                return null;
            double epsilon = norm.Float("epsilon", 1e-5f);
            double[] scale = [.. values[0].Select((gamma, c) => gamma / Math.Sqrt(values[3][c] + epsilon))];
            return new ScaleAndShift(scale, [.. values[1].Select((beta, c) => beta - values[2][c] * scale[c])], norm.Inputs[2]);
        }

        private static ScaleAndShift? OfConstant(OnnxNode node, string input, FoldableLayer layer, OnnxGraph graph)
        {
            int at = node.Inputs[0] == input ? 1 : 0;
            if (!graph.Initializers.TryGetValue(node.Inputs[at], out OnnxTensor? constant) || (at == 0 && node.OpType is "Div" or "Sub"))
                return null;
            // Broadcast to the layer's output, the constant may differ along the channels only.
            long[] shape = [.. Enumerable.Repeat(1L, Math.Max(0, layer.Rank - constant.Shape.Count)), .. constant.Shape];
            if (
                shape.Length != layer.Rank
                || shape.Where((size, axis) => axis != 1 && size != 1).Any()
                || (shape[1] != 1 && shape[1] != layer.Channels)
            )
                return null;
            double[] values = Numbers.ToDoubles(constant);
            if (values.Length == 1)
                values = [.. Enumerable.Repeat(values[0], (int)layer.Channels)];
            double[] zeros = new double[values.Length],
                ones = [.. values.Select(_ => 1.0)];
            return node.OpType switch
            {
                "Mul" => new ScaleAndShift(values, zeros, node.Inputs[at] + "/bias"),
                "Div" => new ScaleAndShift([.. values.Select(v => 1 / v)], zeros, node.Inputs[at] + "/bias"),
                "Add" => new ScaleAndShift(ones, values, node.Inputs[at]),
                _ => new ScaleAndShift(ones, [.. values.Select(v => -v)], node.Inputs[at]),
            };
        }
    }
}
