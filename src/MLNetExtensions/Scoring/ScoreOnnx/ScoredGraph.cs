using MLNetExtensions.Backbones;
using MLNetExtensions.Backbones.Exported;
using MLNetExtensions.Imaging;
using MLNetExtensions.Onnx;
using MLNetExtensions.Scoring.Batches;
using MLNetExtensions.Scoring.Sessions;

namespace MLNetExtensions.Scoring.ScoreOnnx;

/// <summary>
/// A user's model as one graph with everything that scoring adds to it: preprocessing before it, decoding behind it. What is left to
/// callers is to make pixels of images. Its inputs and outputs are of ML.NET's types and named as the columns.
/// </summary>
/// <param name="Graph">The graph.</param>
/// <param name="Inputs">The names of its inputs, in the order of the model's.</param>
/// <param name="Size">The input with the images' widths and heights, Float [batch, 2]; null if the decoding does not need it.</param>
internal sealed record ScoredGraph(OnnxGraph Graph, IReadOnlyList<string> Inputs, string? Size)
{
    // Comparisons of floats and GatherElements, which decodings are made of.
    private const int MinimumOpset = 11;

    /// <exception cref="OnnxFormatException">The model cannot be read as a graph, or cannot be completed.</exception>
    public static ScoredGraph Create(OnnxSession session, OnnxBinding binding)
    {
        OnnxGraph graph = session.Source.ReadGraph();
        if (binding.Decoder is not null && graph.Opset < MinimumOpset)
            throw new OnnxFormatException(
                $"The model {session.Source.Name} is of opset {graph.Opset}; decoding needs {MinimumOpset} at least. Convert it with "
                    + $"onnx.version_converter."
            );
        var names = new ScoringNames(binding.Outputs.Concat(binding.Decoder?.SavedOutputs ?? []).First());
        var end = new GraphEnd(names);
        string[] inputs = InputNames(binding, names);
        string? size = binding.UsesImageSize ? names.Size : null;
        string[] outputs = [.. binding.Outputs, .. (binding.Decoder?.OutputNames ?? []).Select((_, i) => end.Unique($"raw{i}"))];
        IReadOnlyList<OnnxValue> decoded = binding.Decoder?.Export(end, outputs[binding.Outputs.Count..], size) ?? [];

        graph = ReservedNames.Free(graph, [.. inputs, .. size is null ? Array.Empty<string>() : [size], .. outputs, .. end.Names]);
        int[] positions = [.. binding.Plan.Outputs.Select(o => session.OutputSpecs.ToList().FindIndex(s => s.Name == o.Spec.Name))];
        OnnxNode[] results =
        [
            .. positions.SelectMany((position, i) => Result(binding.Plan.Outputs[i], graph.Outputs[position].Name, outputs[i], end)),
        ];
        for (int i = 0; i < inputs.Length; i++)
            graph = WithInput(graph, i, inputs[i], binding.Sources[i], binding.Plan.Inputs[i]);

        var initializers = new OrderedDictionary<string, OnnxTensor>(graph.Initializers);
        foreach (OnnxTensor constant in end.Constants)
            initializers.Add(constant.Name, constant);
        return new ScoredGraph(
            graph with
            {
                Opsets = end.Opsets(graph.Opsets),
                Inputs = [.. graph.Inputs, .. size is null ? Array.Empty<OnnxValue>() : [SizeInput(size)]],
                Nodes = [.. graph.Nodes, .. results, .. end.After("")],
                Initializers = initializers,
                Outputs =
                [
                    .. binding.Outputs.Select((name, i) => Declare(name, binding.Plan.Outputs[i], graph.Outputs[positions[i]])),
                    .. decoded,
                ],
                Metadata = Metadata(graph, binding, size),
            },
            inputs,
            size
        );
    }

    private static OnnxValue SizeInput(string name) =>
        new(name, OnnxElementType.Float, [new OnnxDimension(null, BatchAxis.Name), new OnnxDimension(2)]);

    private static string[] InputNames(OnnxBinding binding, ScoringNames names)
    {
        HashSet<string> taken = [.. binding.Outputs];
        return
        [
            .. binding.Sources.Select(
                (source, i) =>
                    source is TensorSource && taken.Add(source.ColumnName) ? source.ColumnName
                    : binding.Sources.Count == 1 ? names.Pixels
                    : $"{names.Pixels}{i}"
            ),
        ];
    }

    /// <summary>The nodes that convert a model's output to the column's type and shape.</summary>
    private static IEnumerable<OnnxNode> Result(PlannedOutput plan, string output, string column, GraphEnd end)
    {
        bool isHalf = plan.Spec.Type == OnnxElementType.Float16;
        if (ShapeOf(plan) is { } shape)
        {
            string reshaped = isHalf ? end.Unique("reshaped") : column;
            yield return OnnxNode.Create(
                "Reshape",
                [output, end.Constant(OnnxTensor.FromInt64s("shape", [shape.Length], shape))],
                [reshaped]
            );
            output = reshaped;
        }
        if (output != column)
            yield return isHalf ? Cast(output, column, OnnxElementType.Float) : OnnxNode.Create("Identity", [output], [column]);
    }

    /// <summary>
    /// The shape that an output gets: a row that is several slices of it gets a dimension of its own, and a value is a vector of one, which
    /// ML.NET's ONNX transformer needs. Null if it does not change.
    /// </summary>
    private static long[]? ShapeOf(PlannedOutput plan) =>
        plan.ColumnShape is { Count: 0 } ? [-1, 1]
        : plan is { Axis: 0, Sizes: [> 1, ..] sizes } ? [-1, .. sizes]
        : null;

    private static OnnxGraph WithInput(OnnxGraph graph, int index, string name, InputSource source, PlannedInput plan)
    {
        string old = graph.Inputs[index].Name;
        OnnxDimension[] sizes =
        [
            .. plan.Sizes.Select(
                (size, axis) =>
                    axis == plan.Axis && (plan.Spec.Sizes.Count == 0 || plan.Spec.Sizes[axis] < 0) && axis == 0
                        ? new OnnxDimension(null, BatchAxis.Name)
                    : size < 0 ? default
                    : new OnnxDimension(size)
            ),
        ];
        OnnxElementType type = plan.Spec.Type;
        bool isCast = type == OnnxElementType.Float16 || (source is ImageSource && type != OnnxElementType.Float);
        if (source is not ImageSource image)
        {
            // A value a row is a vector of one for ML.NET's ONNX transformer.
            bool isValue = plan.Sizes.Count == (plan.Axis < 0 ? 0 : 1) && plan.RowLength == 1;
            string typed = isValue && isCast ? name + ".typed" : name;
            long[] oldShape = plan.Axis < 0 ? [] : [-1];
            OnnxTensor shape = OnnxTensor.FromInt64s(name + ".shape", [oldShape.Length], oldShape);
            OnnxNode[] nodes =
            [
                .. isCast ? [Cast(name, isValue ? typed : old, type)] : Array.Empty<OnnxNode>(),
                .. isValue ? [OnnxNode.Create("Reshape", [typed, shape.Name], [old])]
                : isCast ? (OnnxNode[])[]
                : [OnnxNode.Create("Identity", [name], [old])],
            ];
            OnnxGraph changed = isValue
                ? graph with
                {
                    Initializers = new OrderedDictionary<string, OnnxTensor>(graph.Initializers) { [shape.Name] = shape },
                }
                : graph;
            return Replace(
                new OnnxValue(
                    name,
                    isCast ? OnnxElementType.Float : type,
                    isValue ? [new OnnxDimension(null, BatchAxis.Name), new OnnxDimension(1)] : sizes
                ),
                nodes,
                changed
            );
        }

        string floats = isCast ? name + ".floats" : old;
        OnnxGraph single = graph with
        {
            Inputs = [new OnnxValue(floats, OnnxElementType.Float, sizes)],
            Nodes = isCast ? [Cast(floats, old, type), .. graph.Nodes] : graph.Nodes,
        };
        ImagePreprocessing preprocessing = type == OnnxElementType.UInt8 ? image.Preprocessing.WithRawPixels() : image.Preprocessing;
        single = PreprocessingGraph.Prepend(single, preprocessing, cropInGraph: true, name);
        return Replace(single.Inputs[0], [], single);

        OnnxGraph Replace(OnnxValue input, OnnxNode[] nodes, OnnxGraph changed) =>
            changed with
            {
                Inputs = [.. graph.Inputs.Take(index), input, .. graph.Inputs.Skip(index + 1)],
                Nodes = [.. nodes, .. changed.Nodes],
            };
    }

    private static OnnxValue Declare(string name, PlannedOutput plan, OnnxValue output)
    {
        OnnxElementType type = plan.Spec.Type == OnnxElementType.Float16 ? OnnxElementType.Float : plan.Spec.Type;
        if (plan.Sizes is not { } sizes)
            return new OnnxValue(name, type, output.Shape);
        if (ShapeOf(plan) is { } shape)
            return OnnxValue.Create(name, type, shape);
        return OnnxValue.Create(name, type, plan.Axis == 0 ? [-1, .. sizes.Skip(1)] : [.. sizes]);
    }

    private static Dictionary<string, string> Metadata(OnnxGraph graph, OnnxBinding binding, string? size)
    {
        var metadata = new Dictionary<string, string>(graph.Metadata);
        metadata.Remove(PreprocessingJson.MetadataKey);
        if (binding.Sources is [ImageSource { Preprocessing: var preprocessing }])
            foreach ((string key, string value) in ScoringMetadata.Of(preprocessing, binding.LabelNames))
                metadata[key] = value;
        if (size is not null)
            metadata[ScoringMetadata.SizeInputKey] = size;
        return metadata;
    }

    private static OnnxNode Cast(string from, string to, OnnxElementType type) =>
        OnnxNode.Create("Cast", [from], [to], OnnxAttribute.Of("to", (long)type));
}
