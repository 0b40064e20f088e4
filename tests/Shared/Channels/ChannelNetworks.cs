using Microsoft.ML.OnnxRuntime;
using MLNetExtensions.Imaging;
using MLNetExtensions.Onnx;

namespace MLNetExtensions.TestData;

/// <summary>
/// Small networks for images of 1, 3 and 4 channels in every layout: two convolutions, average pooling, a classifier of 3 classes; drawn
/// weights.
/// </summary>
internal static class ChannelNetworks
{
    public const int Height = 12,
        Width = 14;

    /// <summary>Layouts and channels: what tests of channels go through.</summary>
    public static IEnumerable<(string Layout, ImageChannelOrder Channels)> Cases =>
        [
            ("nchw", ImageChannelOrder.Gray),
            ("nchw", ImageChannelOrder.Rgb),
            ("nchw", ImageChannelOrder.Bgr),
            ("nchw", ImageChannelOrder.Rgba),
            ("nchw", ImageChannelOrder.Bgra),
            ("nhwc", ImageChannelOrder.Gray),
            ("nhwc", ImageChannelOrder.Rgb),
            ("nhwc", ImageChannelOrder.Rgba),
            ("nhw", ImageChannelOrder.Gray),
        ];

    /// <summary>What the networks expect: the middle of a larger canvas, normalized otherwise in each channel.</summary>
    public static ImagePreprocessing Preprocessing(string layout, ImageChannelOrder channels)
    {
        var plain = new ImagePreprocessing
        {
            Width = Width,
            Height = Height,
            Channels = channels,
        };
        return plain with
        {
            CropFraction = 0.75f,
            ChannelsLast = layout == "nhwc",
            Mean = [.. Enumerable.Range(0, plain.ChannelCount).Select(c => 0.4f + (0.05f * c))],
            StandardDeviation = [.. Enumerable.Range(0, plain.ChannelCount).Select(c => 0.2f + (0.02f * c))],
        };
    }

    /// <param name="layout">nchw, nhwc or nhw.</param>
    /// <param name="channels">1, 3 or 4.</param>
    /// <param name="isHalf">Whether it computes in 16-bit floats, inputs and outputs included.</param>
    /// <param name="before">Nodes between the input, in the order of channels first, and the first convolution, which reads "x".</param>
    /// <param name="constants">What those nodes read.</param>
    public static OnnxGraph Create(
        string layout,
        int channels,
        bool isHalf = false,
        OnnxNode[]? before = null,
        OnnxTensor[]? constants = null
    )
    {
        OnnxElementType type = isHalf ? OnnxElementType.Float16 : OnnxElementType.Float;
        var random = new Random(channels);
        OnnxTensor[] weights =
        [
            Weight("conv1.weight", 6, channels, 3, 3),
            Weight("conv1.bias", 6),
            Weight("conv2.weight", 8, 6, 3, 3),
            Weight("conv2.bias", 8),
            Weight("fc.weight", 3, 8),
            Weight("fc.bias", 3),
            .. layout == "nhw" ? [OnnxTensor.FromInt64s("axis", [1], [1])] : Array.Empty<OnnxTensor>(),
            .. constants ?? [],
        ];
        string first = before is null ? "x" : "first";
        return new OnnxGraph
        {
            Name = $"{layout}{channels}",
            Opsets = new Dictionary<string, int> { [""] = 17 },
            Inputs = [OnnxValue.Create("image", type, [-1, .. Item(layout, channels)])],
            Outputs = [OnnxValue.Create("logits", type, -1, 3)],
            Nodes =
            [
                layout switch
                {
                    "nhwc" => OnnxNode.Create("Transpose", ["image"], [first], OnnxAttribute.Of("perm", 0L, 3L, 1L, 2L)),
                    "nhw" => OnnxNode.Create("Unsqueeze", ["image", "axis"], [first]),
                    _ => OnnxNode.Create("Identity", ["image"], [first]),
                },
                .. before ?? [],
                Conv("x", "conv1", stride: 2),
                OnnxNode.Create("Relu", ["conv1"], ["r1"]),
                Conv("r1", "conv2", stride: 1),
                OnnxNode.Create("Relu", ["conv2"], ["r2"]),
                OnnxNode.Create("GlobalAveragePool", ["r2"], ["pool"]),
                OnnxNode.Create("Flatten", ["pool"], ["flat"]),
                OnnxNode.Create("Gemm", ["flat", "fc.weight", "fc.bias"], ["logits"], OnnxAttribute.Of("transB", 1)),
            ],
            Initializers = new OrderedDictionary<string, OnnxTensor>(weights.Select(w => KeyValuePair.Create(w.Name, w))),
        };

        OnnxTensor Weight(string name, params long[] shape)
        {
            float[] values =
            [
                .. Enumerable
                    .Range(0, (int)shape.Aggregate(1L, (a, b) => a * b))
                    .Select(_ => (random.NextSingle() - 0.5f) / MathF.Sqrt(shape.Length)),
            ];
            return isHalf
                ? OnnxTensor.FromArray(name, OnnxElementType.Float16, shape, [.. values.Select(v => (Half)v)])
                : OnnxTensor.FromFloats(name, shape, values);
        }

        static OnnxNode Conv(string input, string name, long stride) =>
            OnnxNode.Create(
                "Conv",
                [input, $"{name}.weight", $"{name}.bias"],
                [name],
                OnnxAttribute.Of("kernel_shape", 3L, 3L),
                OnnxAttribute.Of("strides", stride, stride),
                OnnxAttribute.Of("pads", 1L, 1L, 1L, 1L)
            );
    }

    /// <summary>ONNX Runtime alone, an image at a time.</summary>
    /// <param name="graph">A network of <see cref="Create"/>.</param>
    /// <param name="inputs">The images.</param>
    /// <param name="value">The value that is wanted: the logits, or "flat" for features.</param>
    public static float[][] Run(OnnxGraph graph, IEnumerable<float[]> inputs, string value = "logits")
    {
        bool isHalf = graph.Inputs[0].ElementType == OnnxElementType.Float16;
        graph = graph with { Outputs = [new OnnxValue(value, graph.Inputs[0].ElementType, null)] };
        using var session = new InferenceSession(graph.ToBytes());
        long[] shape = [1, .. graph.Inputs[0].Shape!.Skip(1).Select(d => d.Size!.Value)];
        using var options = new RunOptions();
        return
        [
            .. inputs.Select(input =>
            {
                using OrtValue tensor = isHalf
                    ? OrtValue.CreateTensorValueFromMemory(
                        OrtMemoryInfo.DefaultInstance,
                        input.Select(v => (Float16)v).ToArray().AsMemory(),
                        shape
                    )
                    : OrtValue.CreateTensorValueFromMemory(input, shape);
                using IDisposableReadOnlyCollection<OrtValue> outputs = session.Run(options, [graph.Inputs[0].Name], [tensor], [value]);
                return isHalf
                    ? [.. outputs[0].GetTensorDataAsSpan<Float16>().ToArray().Select(v => (float)v)]
                    : outputs[0].GetTensorDataAsSpan<float>().ToArray();
            }),
        ];
    }

    private static long[] Item(string layout, int channels) =>
        layout switch
        {
            "nhwc" => [Height, Width, channels],
            "nhw" => [Height, Width],
            _ => [channels, Height, Width],
        };
}
