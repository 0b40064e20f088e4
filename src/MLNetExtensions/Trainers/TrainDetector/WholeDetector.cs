using MLNetExtensions.Backbones;
using MLNetExtensions.Backbones.Batching;
using MLNetExtensions.Imaging;
using MLNetExtensions.Onnx;
using MLNetExtensions.Onnx.Networks.Detection;
using MLNetExtensions.Onnx.Operators;
using MLNetExtensions.Onnx.Passes;
using MLNetExtensions.Trainers.DensePrediction;

namespace MLNetExtensions.Trainers.TrainDetector;

/// <summary>A detector whose head is in its ONNX graph: cut at its raw maps, and given as many classes as the data have.</summary>
internal static class WholeDetector
{
    private const int BoxChannels = 4 * DetectionHead.Bins;

    /// <summary>Cuts the detector at its maps, those of classes first.</summary>
    /// <param name="detector">The detector.</param>
    /// <param name="preprocessing">How images become its input.</param>
    /// <param name="outputs">Its outputs, one for each stride.</param>
    /// <exception cref="ArgumentException">The graph has no such value, or it is of another shape.</exception>
    public static DenseBackbone Cut(Backbone detector, ImagePreprocessing preprocessing, IReadOnlyList<DetectorOutput> outputs)
    {
        OnnxGraph graph = BranchFolding.Apply(FunctionInlining.Apply(InferenceMode.Apply(detector.Graph)));
        string[] values =
        [
            .. outputs.Select(o => ValueOf(graph, detector.Name, o.Classes)),
            .. outputs.Select(o => ValueOf(graph, detector.Name, o.Boxes)),
        ];
        if (values.Distinct().Count() < values.Length)
            throw new ArgumentException(
                $"HeadOutputs names a value twice: {string.Join(", ", values)}. Name the classes and the boxes of each stride, each once."
            );
        BackboneInput stated = BackboneInput.Find(graph, $"The graph '{graph.Name}'");
        OnnxDimension[] size = [.. stated.ItemShape(preprocessing.Height, preprocessing.Width).Select(d => new OnnxDimension(d))];
        graph = BatchOpening.Open(
            RemoveUnused.Apply(
                graph with
                {
                    Inputs = [graph.Inputs[0] with { Shape = [graph.Inputs[0].Shape![0], .. size] }],
                    Outputs = [.. values.Select(value => new OnnxValue(value, OnnxElementType.Undefined, null))],
                    ValueInfos = [],
                }
            )
        );
        return new DenseBackbone(graph, preprocessing, network => Maps(network, detector.Name, preprocessing, values));
    }

    /// <summary>The detector with as many classes: the convolutions that make their maps begin anew where they had another number.</summary>
    /// <param name="cut">The detector, cut.</param>
    /// <param name="classes">The number of classes.</param>
    /// <param name="seed">The seed of new weights.</param>
    /// <exception cref="ArgumentException">A map of another number of classes is no convolution's.</exception>
    public static DenseBackbone WithClasses(DenseBackbone cut, int classes, int seed)
    {
        int strides = cut.Maps.Count / 2;
        FeatureMap[] wrong = [.. cut.Maps.Take(strides).Where(map => map.Channels != classes)];
        if (wrong.Length == 0)
            return cut;
        OnnxGraph graph = cut.Graph;
        var initializers = new OrderedDictionary<string, OnnxTensor>(graph.Initializers);
        var random = new Random(seed);
        foreach (FeatureMap map in wrong)
        {
            if (
                graph.ProducerOf(map.Value) is not { OpType: "Conv" } conv
                || !initializers.TryGetValue(conv.Inputs[1], out OnnxTensor? weight)
                || conv.Inputs.Count > 2 && !initializers.ContainsKey(conv.Inputs[2])
            )
                throw new ArgumentException(
                    $"HeadOutputs: the value '{map.Value}' has {map.Channels} classes and the data have {classes}, but it is not the output "
                        + "of a convolution whose weights could be replaced. Name the convolution that makes the classes, before "
                        + "anything else is done to them."
                );
            long[] shape = [classes, .. weight.Shape.Skip(1)];
            initializers[weight.Name] = OnnxTensor.FromFloats(weight.Name, shape, Small(random, shape.Aggregate(1L, (a, b) => a * b)));
            if (conv.Inputs.Count > 2)
                initializers[conv.Inputs[2]] = OnnxTensor.FromFloats(
                    conv.Inputs[2],
                    [classes],
                    [.. Enumerable.Repeat(DetectionHead.ScoreBias, classes)]
                );
        }
        return cut.With(
            graph with
            {
                Initializers = initializers,
                Outputs =
                [
                    .. graph.Outputs.Select(
                        (output, i) =>
                            i < strides ? output with { Shape = [output.Shape![0], new(classes), .. output.Shape.Skip(2)] } : output
                    ),
                ],
            },
            [.. cut.Maps.Select((map, i) => i < strides ? map with { Channels = classes } : map)]
        );
    }

    /// <summary>The names of the parameters of the convolutions that make the maps.</summary>
    public static IReadOnlyList<string> LastParameters(DenseBackbone cut) =>
        [
            .. cut
                .Maps.Select(map => cut.Graph.ProducerOf(map.Value))
                .OfType<OnnxNode>()
                .SelectMany(node => node.Inputs.Skip(1))
                .Where(cut.Parameters.Contains),
        ];

    private static IReadOnlyList<FeatureMap> Maps(OnnxGraph network, string name, ImagePreprocessing image, string[] values)
    {
        ValueTypes types = ValueTypes.Infer(network);
        int strides = values.Length / 2;
        FeatureMap[] maps = [.. values.Select((value, i) => MapOf(types, name, image, value, i < strides ? null : BoxChannels))];
        for (int i = 0; i < strides; i++)
            if (
                maps[i].Stride != maps[strides + i].Stride
                || i > 0 && (maps[i].Channels != maps[0].Channels || maps[i].Stride <= maps[i - 1].Stride)
            )
                throw new ArgumentException(
                    FormattableString.Invariant(
                        $"HeadOutputs: '{values[i]}' is of stride {maps[i].Stride} with {maps[i].Channels} classes, '{values[strides + i]}' of stride {maps[strides + i].Stride}. Expected classes and boxes of the same stride, finest first, and as many classes in each."
                    )
                );
        return maps;
    }

    private static FeatureMap MapOf(ValueTypes types, string name, ImagePreprocessing image, string value, int? channels)
    {
        TensorType? type = types.Find(value);
        if (
            type is not { ElementType: OnnxElementType.Float, Shape: [_, var count, > 0 and var height, > 0 and var width] }
            || channels is not null && count != channels
            || image.Height % height != 0
            || image.Height / height * width != image.Width
        )
            throw new ArgumentException(
                $"HeadOutputs: the value '{value}' of '{name}' is {type}. Expected "
                    + (
                        channels is null
                            ? "the logits of classes, Float [batch, classes, height, width]"
                            : $"the logits of distances as YOLOv8 has them, Float [batch, {channels}, height, width]"
                    )
                    + $", at a whole stride of images of {image.Width}x{image.Height}. Name values before decoding; a detector of "
                    + "another kind is trained by its backbone: leave HeadOutputs out."
            );
        return new FeatureMap(value, (int)count, (int)height, (int)width, image.Height / (int)height);
    }

    private static string ValueOf(OnnxGraph graph, string detector, string name) =>
        graph.Nodes.SelectMany(node => node.Outputs).FirstOrDefault(output => output == name)
        ?? graph.Nodes.FirstOrDefault(node => node.Name == name)?.Outputs[0]
        ?? throw new ArgumentException(
            $"HeadOutputs: '{detector}' has no value and no node named '{name}'. Its last convolutions are "
                + $"{string.Join(", ", graph.Nodes.Where(node => node.OpType == "Conv").TakeLast(8).Select(node => node.Outputs[0]))}."
        );

    // Normal, with a deviation of 0.01, as the head of a backbone begins.
    private static float[] Small(Random random, long count) =>
        [
            .. Enumerable
                .Range(0, (int)count)
                .Select(_ =>
                    (float)(0.01 * Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble()))
                ),
        ];
}
