using MLNetExtensions.Backbones.Batching;
using MLNetExtensions.Backbones.Exported;
using MLNetExtensions.Imaging;
using MLNetExtensions.Onnx;
using MLNetExtensions.Onnx.Passes;
using MLNetExtensions.Onnx.Surgery;
using MLNetExtensions.Onnx.Tensors;

namespace MLNetExtensions.Backbones;

/// <summary>Takes the classifier off a network: what stays makes an image's features, Float[batch, D].</summary>
internal static class BackboneCut
{
    /// <summary>The name of the cut graph's output.</summary>
    public const string FeaturesName = "features";

    /// <summary>
    /// The backbone without its classifier, for images of its preprocessing's size, whatever size its file states: convolutions take any.
    /// </summary>
    /// <exception cref="OnnxFormatException">See the other overload; or a layer fits no other size than the file's.</exception>
    public static OnnxGraph Cut(Backbone backbone)
    {
        OnnxValue input = backbone.Graph.Inputs[0];
        ImagePreprocessing p = backbone.Preprocessing;
        BackboneInput stated = BackboneInput.Find(backbone.Graph, $"The graph '{backbone.Graph.Name}'");
        OnnxDimension[] size = [.. stated.ItemShape(p.Height, p.Width).Select(d => new OnnxDimension(d))];
        try
        {
            return Cut(backbone.Graph with { Inputs = [input with { Shape = [input.Shape![0], .. size] }] }, backbone.FeatureNode);
        }
        catch (OnnxFormatException e) when (!stated.HasSizeOf(p))
        {
            throw new OnnxFormatException(
                $"The backbone '{backbone.Name}' was made for images of {stated.Size} and does not take those of {p.Width}x{p.Height} "
                    + $"that the preprocessing makes. "
                    + $"Use the file's size, or name a feature node before the layers that need it. {e.Message}",
                e
            );
        }
    }

    /// <summary>
    /// The graph up to its features, for any number of images, or for one where that alone is sure to be right
    /// (<see cref="BatchAxis.IsOne"/>). Maps of features [batch, D, height, width] are averaged over the image (GlobalAveragePool), tokens
    /// [batch, n, D] over the tokens.
    /// </summary>
    /// <param name="graph">A network with one input.</param>
    /// <param name="featureNode">
    /// The name of the node or value whose output is the features. Null: what the last layer with weights (Gemm, MatMul or Conv, followed
    /// by nothing but activations and pooling) reads, Dropout left out; the output itself of a graph that does not end like that.
    /// </param>
    /// <exception cref="ArgumentException">There is no such node.</exception>
    /// <exception cref="OnnxFormatException">The features have another rank than 2, 3 or 4, or the graph works for a fixed number of images
    /// only, not one.</exception>
    public static OnnxGraph Cut(OnnxGraph graph, string? featureNode = null)
    {
        string? named = featureNode is null ? null : ValueOf(graph, featureNode);
        graph = Prepare(graph);
        Features found = named is null ? ClassifierSearch.FindFeatures(graph) : new Features(named);
        string features = found.Value;
        graph = RemoveUnused.Apply(graph with { Outputs = [new OnnxValue(features, OnnxElementType.Undefined, null)] });
        if (ChannelsFirst(graph, features) is string transposed)
            graph = RemoveUnused.Apply(graph with { Outputs = [new OnnxValue(features = transposed, OnnxElementType.Undefined, null)] });
        graph = Open(graph);
        ValueTypes types = InferTypes(graph);
        if (!types.IsBatchFirst(features))
            throw new OnnxFormatException(
                $"The features '{features}' are {types[features]}; their first dimension is not the batch. Export the graph with a "
                    + $"dynamic batch or name another feature node."
            );

        var names = new ValueNames(graph);
        string output = names.Take(FeaturesName);
        long[] shape = types[features].Shape;
        string floats = names.Take(FeaturesName + "/float");
        if (ToFloat(types[features].ElementType, found, features, floats) is { } cast)
        {
            graph = graph with { Nodes = [.. graph.Nodes, cast] };
            features = floats;
        }
        graph = shape.Length switch
        {
            2 => Rename(graph, features, output),
            3 => Append(graph, Mean(graph.Opset, features, output, names)),
            4 => Append(graph, Pool(features, output, names)),
            _ => throw new OnnxFormatException(
                $"The features '{features}' are {types[features]}; expected [batch, D], [batch, tokens, D] or [batch, D, height, "
                    + $"width]. Name another feature node."
            ),
        };
        return graph with
        {
            IrVersion = Math.Max(graph.IrVersion, OnnxGraph.MinimumConstantIrVersion),
            Outputs = [OnnxValue.Create(output, OnnxElementType.Float, BatchAxis.IsOne(graph) ? 1 : -1, shape[shape.Length == 4 ? 1 : ^1])],
        };
    }

    /// <summary>The warnings about how a backbone is cut.</summary>
    public static IEnumerable<string> Warnings(Backbone backbone)
    {
        if (InferenceMode.Warning(backbone.Graph, $"The backbone '{backbone.Name}'") is { } training)
            yield return training;
        if (backbone.FeatureNode is null && ClassifierSearch.Problem(Prepare(backbone.Graph), backbone.Name) is { } problem)
            yield return problem;
    }

    /// <summary>The network as it scores, without what only tells its answers in other words.</summary>
    private static OnnxGraph Prepare(OnnxGraph graph) =>
        BranchFolding.Apply(FunctionInlining.Apply(InferenceMode.Apply(ExportedModel.Network(graph))));

    /// <summary>The node that makes floats of features that are none; null if they are.</summary>
    private static OnnxNode? ToFloat(OnnxElementType type, Features found, string features, string output)
    {
        if (type == OnnxElementType.Float)
            return null;
        if (type.IsFloatingPoint)
            return OnnxNode.Create("Cast", [features], [output], OnnxAttribute.Of("to", (long)OnnxElementType.Float));
        return found.Quantization is { } quantization
            ? OnnxNode.Create("DequantizeLinear", [features, .. quantization], [output])
            : throw new OnnxFormatException($"The features '{features}' are {type}, not floats. Name another feature node.");
    }

    private static string ValueOf(OnnxGraph graph, string featureNode) =>
        graph.Nodes.SelectMany(n => n.Outputs).FirstOrDefault(o => o == featureNode)
        ?? graph.Nodes.FirstOrDefault(n => n.Name == featureNode)?.Outputs[0]
        ?? throw new ArgumentException($"The graph '{graph.Name}' has no node and no value named '{featureNode}'.", nameof(featureNode));

    /// <summary>The value before a transposition to height x width x channel, or null.</summary>
    private static string? ChannelsFirst(OnnxGraph graph, string features) =>
        graph.ProducerOf(features) is { OpType: "Transpose" } node && node.Ints("perm") is [0, 2, 3, 1] ? node.Inputs[0] : null;

    private static OnnxGraph Open(OnnxGraph graph) => Explain(graph, () => BatchOpening.Open(graph));

    private static ValueTypes InferTypes(OnnxGraph graph) => Explain(graph, () => ValueTypes.Infer(graph));

    private static T Explain<T>(OnnxGraph graph, Func<T> infer)
    {
        try
        {
            return infer();
        }
        catch (OnnxFormatException e)
        {
            throw new OnnxFormatException(
                $"The shapes of the graph '{graph.Name}' do not fit together. {e.Message} If it was exported for a fixed number of "
                    + $"images, export it with a dynamic batch.",
                e
            );
        }
    }

    private static OnnxGraph Rename(OnnxGraph graph, string from, string to) =>
        graph with
        {
            Nodes =
            [
                .. graph
                    .Nodes.Select(n => n.Outputs.Contains(from) ? n with { Outputs = [.. n.Outputs.Select(o => o == from ? to : o)] } : n)
                    .Select(n => n.Inputs.Contains(from) ? n with { Inputs = [.. n.Inputs.Select(i => i == from ? to : i)] } : n),
            ],
        };

    private static OnnxGraph Append(OnnxGraph graph, (OnnxNode[] Nodes, OnnxTensor[] Constants) tail) =>
        graph with
        {
            Nodes = [.. graph.Nodes, .. tail.Nodes],
            Initializers = new OrderedDictionary<string, OnnxTensor>(
                graph.Initializers.Concat(tail.Constants.Select(c => KeyValuePair.Create(c.Name, c)))
            ),
        };

    private static (OnnxNode[] Nodes, OnnxTensor[] Constants) Pool(string features, string output, ValueNames names)
    {
        string pooled = names.Take(FeaturesName + "/pooled");
        return (
            [
                OnnxNode.Create("GlobalAveragePool", [features], [pooled]),
                OnnxNode.Create("Flatten", [pooled], [output], OnnxAttribute.Of("axis", 1L)),
            ],
            []
        );
    }

    private static (OnnxNode[] Nodes, OnnxTensor[] Constants) Mean(int opset, string features, string output, ValueNames names)
    {
        OnnxAttribute flat = OnnxAttribute.Of("keepdims", 0L);
        // Opset 18 moved the axes from an attribute to an input.
        if (opset < 18)
            return ([OnnxNode.Create("ReduceMean", [features], [output], flat, OnnxAttribute.Of("axes", [1L]))], []);
        string axes = names.Take(FeaturesName + "/axes");
        return ([OnnxNode.Create("ReduceMean", [features, axes], [output], flat)], [OnnxTensor.FromInt64s(axes, [1], [1])]);
    }
}
