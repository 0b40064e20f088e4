using MLNetExtensions.Data;
using MLNetExtensions.Onnx;
using MLNetExtensions.Onnx.Passes;

namespace MLNetExtensions.Backbones;

/// <summary>Takes the classifier off a network: what stays makes a picture's features, Float[batch, D].</summary>
internal static class BackboneCut
{
    /// <summary>The name of the cut graph's output.</summary>
    public const string Features = "features";

    /// <summary>The backbone without its classifier, for pictures of its preprocessing's size, whatever size its file states: convolutions take any.</summary>
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
            throw new OnnxFormatException($"The backbone '{backbone.Name}' was made for pictures of {stated.Size} and does not take those of {p.Width}x{p.Height} that the preprocessing makes. " +
                $"Use the file's size, or name a feature node before the layers that need it. {e.Message}", e);
        }
    }

    /// <summary>
    /// The graph up to its features, for any number of pictures. Maps of features [batch, D, height, width] are averaged over the picture
    /// (GlobalAveragePool), tokens [batch, n, D] over the tokens.
    /// </summary>
    /// <param name="graph">A network with one input.</param>
    /// <param name="featureNode">
    /// The name of the node or value whose output is the features. Null: what the last layer with weights (Gemm, MatMul or Conv, followed by
    /// nothing but activations and pooling) reads, Dropout left out; the output itself of a graph that does not end like that.
    /// </param>
    /// <exception cref="ArgumentException">There is no such node.</exception>
    /// <exception cref="OnnxFormatException">The features have another rank than 2, 3 or 4, or the graph works for a fixed number of pictures only.</exception>
    /// <exception cref="Training.UnsupportedOpsException">The graph holds operators that are not known.</exception>
    public static OnnxGraph Cut(OnnxGraph graph, string? featureNode = null)
    {
        string features = featureNode is null ? ClassifierSearch.FindFeatures(graph) : ValueOf(graph, featureNode);
        graph = BatchAxis.Open(RemoveUnused.Apply(graph with { Outputs = [new OnnxValue(features, OnnxElementType.Float, null)] }));
        if (ChannelsFirst(graph, features) is string transposed)
            graph = RemoveUnused.Apply(graph with { Outputs = [new OnnxValue(features = transposed, OnnxElementType.Float, null)] });
        ValueTypes types = InferTypes(graph);
        if (!types.IsBatchFirst(features))
            throw new OnnxFormatException($"The features '{features}' are {types[features]}; their first dimension is not the batch. Export the graph with a dynamic batch or name another feature node.");

        var names = new ValueNames(graph);
        string output = names.Take(Features);
        long[] shape = types[features].Shape;
        graph = shape.Length switch
        {
            2 => Rename(graph, features, output),
            3 => Append(graph, Mean(graph.Opset, features, output, names)),
            4 => Append(graph, Pool(features, output, names)),
            _ => throw new OnnxFormatException($"The features '{features}' are {types[features]}; expected [batch, D], [batch, tokens, D] or [batch, D, height, width]. Name another feature node."),
        };
        return graph with
        {
            IrVersion = Math.Max(graph.IrVersion, OnnxGraph.MinimumConstantIrVersion),
            Outputs = [OnnxValue.Create(output, OnnxElementType.Float, -1, shape[shape.Length == 4 ? 1 : ^1])],
        };
    }

    private static string ValueOf(OnnxGraph graph, string featureNode) =>
        graph.Nodes.SelectMany(n => n.Outputs).FirstOrDefault(o => o == featureNode)
        ?? graph.Nodes.FirstOrDefault(n => n.Name == featureNode)?.Outputs[0]
        ?? throw new ArgumentException($"The graph '{graph.Name}' has no node and no value named '{featureNode}'.", nameof(featureNode));

    /// <summary>The value before a transposition to height x width x channel, or null.</summary>
    private static string? ChannelsFirst(OnnxGraph graph, string features) =>
        graph.ProducerOf(features) is { OpType: "Transpose" } node && node.Ints("perm") is [0, 2, 3, 1] ? node.Inputs[0] : null;

    private static ValueTypes InferTypes(OnnxGraph graph)
    {
        try
        {
            return ValueTypes.Infer(graph);
        }
        catch (OnnxFormatException e)
        {
            throw new OnnxFormatException($"The shapes of the graph '{graph.Name}' do not fit together for several pictures at once. {e.Message} If it was exported for one picture, export it with a dynamic batch.", e);
        }
    }

    private static OnnxGraph Rename(OnnxGraph graph, string from, string to) => graph with
    {
        Nodes = [.. graph.Nodes.Select(n => n.Outputs.Contains(from) ? n with { Outputs = [.. n.Outputs.Select(o => o == from ? to : o)] } : n)
            .Select(n => n.Inputs.Contains(from) ? n with { Inputs = [.. n.Inputs.Select(i => i == from ? to : i)] } : n)],
    };

    private static OnnxGraph Append(OnnxGraph graph, (OnnxNode[] Nodes, OnnxTensor[] Constants) tail) => graph with
    {
        Nodes = [.. graph.Nodes, .. tail.Nodes],
        Initializers = new OrderedDictionary<string, OnnxTensor>(graph.Initializers.Concat(tail.Constants.Select(c => KeyValuePair.Create(c.Name, c)))),
    };

    private static (OnnxNode[] Nodes, OnnxTensor[] Constants) Pool(string features, string output, ValueNames names)
    {
        string pooled = names.Take(Features + "/pooled");
        return (
        [
            OnnxNode.Create("GlobalAveragePool", [features], [pooled]),
            OnnxNode.Create("Flatten", [pooled], [output], OnnxAttribute.Of("axis", 1L)),
        ], []);
    }

    private static (OnnxNode[] Nodes, OnnxTensor[] Constants) Mean(int opset, string features, string output, ValueNames names)
    {
        OnnxAttribute flat = OnnxAttribute.Of("keepdims", 0L);
        // Opset 18 moved the axes from an attribute to an input.
        if (opset < 18)
            return ([OnnxNode.Create("ReduceMean", [features], [output], flat, OnnxAttribute.Of("axes", [1L]))], []);
        string axes = names.Take(Features + "/axes");
        return ([OnnxNode.Create("ReduceMean", [features, axes], [output], flat)], [OnnxTensor.FromInt64s(axes, [1], [1])]);
    }
}
