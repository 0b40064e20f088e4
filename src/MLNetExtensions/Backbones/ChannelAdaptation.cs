using MLNetExtensions.Imaging;
using MLNetExtensions.Imaging.Pixels;
using MLNetExtensions.Onnx;
using MLNetExtensions.Onnx.Constants;
using MLNetExtensions.Onnx.Passes;
using MLNetExtensions.Onnx.Surgery;

namespace MLNetExtensions.Backbones;

/// <summary>
/// Makes networks for images of other channels. What the new channels say of the old ones (a gray level is all three colors; gray is the
/// luma of colors; colors are opaque) goes into the weights of the first convolution, together with both normalizations; where the first
/// layer is none, or is not to be changed, into a convolution of one pixel before the network.
/// </summary>
internal static class ChannelAdaptation
{
    private const float Opaque = 255;

    // A constant that is only the rounding of the means.
    private const double Negligible = 1e-6;

    private static readonly double[] LumaWeights = [.. Luma.Weights.ToArray().Select(w => (double)w / Luma.One)];

    /// <summary>The network for other channels, and what it expects.</summary>
    /// <param name="graph">The network.</param>
    /// <param name="preprocessing">The preprocessing that it expects.</param>
    /// <param name="channels">The new channels.</param>
    /// <param name="keepsWeights">True if the first convolution does not change, for images that are only scored: exact at the edges of
    /// images too.</param>
    public static (OnnxGraph Graph, ImagePreprocessing Preprocessing) Apply(
        OnnxGraph graph,
        ImagePreprocessing preprocessing,
        ImageChannelOrder channels,
        bool keepsWeights = false
    )
    {
        BackboneInput input = BackboneInput.Find(graph, $"The graph '{graph.Name}'");
        Line[] own = [.. Enumerable.Range(0, input.Channels).Select(c => Line.Of(preprocessing, c))];
        OnnxGraph lifted = LiftConstants.Apply(graph);
        if (!keepsWeights && FirstLayer.Find(lifted) is { } first && FirstLayerLines.Find(lifted, input, first) is { } lines)
        {
            Line[] whole = [.. own.Select((line, c) => line.Then(lines.Channels[c]))];
            if (Array.TrueForAll(whole, line => line.Factor > 0))
            {
                ImagePreprocessing made = Preprocessing(preprocessing, whole, channels) with { ChannelsLast = preprocessing.ChannelsLast };
                return (Adapt(lifted, input, first, lines, Mix(preprocessing, whole, made), made.ChannelCount), made);
            }
        }
        ImagePreprocessing before = Preprocessing(preprocessing, own, channels) with { ChannelsLast = false };
        return (Prepend(graph, input, Mix(preprocessing, own, before), before.ChannelCount), before);
    }

    /// <summary>
    /// Mean and standard deviation of the new channels: the old ones', of gray weighted as gray is, of alpha the mean of the colors'.
    /// </summary>
    private static ImagePreprocessing Preprocessing(ImagePreprocessing old, Line[] lines, ImageChannelOrder channels)
    {
        var made = new ImagePreprocessing
        {
            Width = old.Width,
            Height = old.Height,
            Channels = channels,
        };
        double[] deviation = [.. lines.Select(line => old.Scale / line.Factor)],
            mean = [.. lines.Select((line, c) => -line.Offset * deviation[c])];
        return old with { Channels = channels, Mean = Of(mean), StandardDeviation = Of(deviation) };

        float[] Of(double[] values) =>
            [
                .. made
                    .PlaneOrder.ToArray()
                    .Select(plane =>
                        (float)(
                            old.Channels == ImageChannelOrder.Gray ? values[0]
                            : channels == ImageChannelOrder.Gray
                                ? LumaWeights.Select((weight, color) => weight * values[old.PlaneOrder.IndexOf(color)]).Sum()
                            : old.PlaneOrder.IndexOf(plane) is >= 0 and var same ? values[same]
                            : LumaWeights.Select((_, color) => values[old.PlaneOrder.IndexOf(color)]).Average()
                        )
                    ),
            ];
    }

    /// <summary>Writes each old normalized channel as a combination of the new ones: factors [old, new], and a constant.</summary>
    private static (double[,] Factors, double[] Constants) Mix(ImagePreprocessing old, Line[] lines, ImagePreprocessing made)
    {
        (int oldCount, int newCount) = (old.ChannelCount, made.ChannelCount);
        var factors = new double[oldCount, newCount];
        var constants = new double[oldCount];
        for (int o = 0; o < oldCount; o++)
        {
            bool isLost = old.PlaneOrder[o] == 3 && newCount < 4;
            constants[o] = (isLost ? lines[o].Factor * Opaque : 0) + lines[o].Offset;
            for (int n = 0; n < newCount; n++)
            {
                double fraction = isLost ? 0 : Fraction(old.Channels, old.PlaneOrder[o], made.Channels, made.PlaneOrder[n]);
                Line line = Line.Of(made, n);
                factors[o, n] = lines[o].Factor * fraction / line.Factor;
                constants[o] -= factors[o, n] * line.Offset;
            }
            if (Math.Abs(constants[o]) < Negligible)
                constants[o] = 0;
        }
        return (factors, constants);
    }

    /// <summary>The fraction of a new channel in an old one.</summary>
    private static double Fraction(ImageChannelOrder old, int oldPlane, ImageChannelOrder made, int newPlane) =>
        old == ImageChannelOrder.Gray
            ? (
                made == ImageChannelOrder.Gray ? 1
                : newPlane < 3 ? LumaWeights[newPlane]
                : 0
            )
        : made == ImageChannelOrder.Gray ? 1
        : oldPlane == newPlane ? 1
        : 0;

    private static OnnxGraph Adapt(
        OnnxGraph graph,
        BackboneInput input,
        FirstLayer first,
        FirstLayerLines lines,
        (double[,] Factors, double[] Constants) mix,
        int channels
    )
    {
        OnnxTensor weight = first.Weight;
        (int outputs, int kernel) = ((int)weight.Shape[0], (int)(weight.Shape[2] * weight.Shape[3]));
        ReadOnlySpan<float> old = weight.Span<float>();
        var made = new float[outputs * channels * kernel];
        var bias = new double[outputs];
        for (int o = 0; o < outputs; o++)
        for (int k = 0; k < kernel; k++)
        {
            for (int c = 0; c < input.Channels; c++)
                bias[o] += mix.Constants[c] * old[(((o * input.Channels) + c) * kernel) + k];
            for (int n = 0; n < channels; n++)
            {
                double sum = 0;
                for (int c = 0; c < input.Channels; c++)
                    sum += mix.Factors[c, n] * old[(((o * input.Channels) + c) * kernel) + k];
                made[(((o * channels) + n) * kernel) + k] = (float)sum;
            }
        }

        var names = new ValueNames(graph);
        var initializers = new OrderedDictionary<string, OnnxTensor>(graph.Initializers);
        string Keep(string? name, OnnxTensor tensor)
        {
            // Values that other nodes read too are not changed.
            if (name is null || graph.Nodes.Count(n => n.Inputs.Contains(name)) > 1)
                name = names.Take(name ?? weight.Name + "/bias");
            initializers[name] = tensor.Rename(name);
            return name;
        }
        List<string> inputs =
        [
            first.Conv.Inputs[0],
            Keep(weight.Name, OnnxTensor.FromFloats("", [outputs, channels, .. weight.Shape.Skip(2)], made)),
        ];
        if (first.Conv.HasInput(2) || Array.Exists(bias, b => b != 0))
        {
            float[] before = first.Conv.HasInput(2) ? graph.Initializers[first.Conv.Inputs[2]].ToFloats() : new float[outputs];
            inputs.Add(
                Keep(
                    first.Conv.HasInput(2) ? first.Conv.Inputs[2] : null,
                    OnnxTensor.FromFloats("", [outputs], [.. before.Select((b, o) => (float)(b + bias[o]))])
                )
            );
        }
        // The nodes whose work the weights do now: their readers read what they read.
        Dictionary<string, string> skipped = lines.Nodes.ToDictionary(
            n => n.Outputs[0],
            n => n.Inputs.First(i => i == input.Name || first.Path.Any(p => p.Outputs.Contains(i)))
        );
        string Source(string value) => skipped.TryGetValue(value, out string? before) ? Source(before) : value;
        HashSet<string> path = [input.Name, .. first.Path.SelectMany(n => n.Outputs)];
        OnnxValue declared = graph.Inputs[0];
        int axis = input.Layout == ImageLayout.ChannelsLast ? 3 : 1;
        return RemoveUnused.Apply(
            graph with
            {
                Inputs = [declared with { Shape = [.. declared.Shape!.Select((d, i) => i == axis ? new OnnxDimension(channels) : d)] }],
                Nodes =
                [
                    .. graph
                        .Nodes.Where(n => !lines.Nodes.Contains(n))
                        .Select(n =>
                            n == first.Conv
                                ? n with
                                {
                                    Inputs = [Source(inputs[0]), .. inputs.Skip(1)],
                                }
                                : n with
                                {
                                    Inputs = [.. n.Inputs.Select(Source)],
                                }
                        ),
                ],
                Initializers = initializers,
                ValueInfos = [.. graph.ValueInfos.Where(v => !path.Contains(v.Name))],
                Metadata = WithoutPreprocessing(graph),
            }
        );
    }

    private static OnnxGraph Prepend(OnnxGraph graph, BackboneInput input, (double[,] Factors, double[] Constants) mix, int channels)
    {
        var steps = new StepList(graph, input.Name);
        float[] weights = [.. mix.Factors.Cast<double>().Select(f => (float)f)],
            constants = [.. mix.Constants.Select(c => (float)c)];
        steps.Add(
            "Conv",
            "channels",
            [
                steps.Value,
                steps.Constant(OnnxTensor.FromFloats("channels/weights", [input.Channels, channels, 1, 1], weights)),
                steps.Constant(OnnxTensor.FromFloats("channels/constants", [input.Channels], constants)),
            ]
        );
        if (input.Layout == ImageLayout.ChannelsLast)
            steps.Add("Transpose", "channels/nhwc", [steps.Value], OnnxAttribute.Of("perm", 0L, 2L, 3L, 1L));
        else if (input.Layout == ImageLayout.NoChannels)
            // Opset 13 moved the axes from an attribute to an input.
            steps.Add(
                "Squeeze",
                "channels/nhw",
                steps.Opset < 13 ? [steps.Value] : [steps.Value, steps.Constant(OnnxTensor.FromInt64s("channels/axis", [1], [1]))],
                steps.Opset < 13 ? [OnnxAttribute.Of("axes", [1L])] : []
            );
        if (input.IsHalf)
            steps.Add("Cast", "channels/half", [steps.Value], OnnxAttribute.Of("to", (long)OnnxElementType.Float16));
        IReadOnlyList<OnnxDimension> shape = graph.Inputs[0].Shape!;
        int height = input.Layout == ImageLayout.ChannelsFirst ? 2 : 1;
        return steps.Prepend(
            input.Name,
            new OnnxValue(input.Name, OnnxElementType.Float, [shape[0], new(channels), shape[height], shape[height + 1]])
        ) with
        {
            IrVersion = Math.Max(graph.IrVersion, OnnxGraph.MinimumConstantIrVersion),
            ValueInfos = [.. graph.ValueInfos.Where(v => v.Name != input.Name)],
            Metadata = WithoutPreprocessing(graph),
        };
    }

    // The file's statements apply to the old channels.
    private static Dictionary<string, string> WithoutPreprocessing(OnnxGraph graph) =>
        graph.Metadata.Where(m => m.Key != PreprocessingJson.MetadataKey).ToDictionary();
}
