using MLNetExtensions.Backbones;
using MLNetExtensions.Imaging;
using MLNetExtensions.Onnx;

namespace MLNetExtensions.TrainingContract.Trainers;

/// <summary>
/// Groups of a convolution of stride 2, BatchNorm and ReLU, average pooling and a classifier of 10 classes; random weights.
/// </summary>
internal static class SmallBackbone
{
    /// <param name="side">The width and height of its images.</param>
    /// <param name="widths">The channels of each group; null for three groups of 8, 12 and 16.</param>
    public static Backbone Create(int side = 16, int[]? widths = null) =>
        Backbone.FromGraph(
            Graph(side, widths ?? [8, 12, 16]),
            new ImagePreprocessing
            {
                Width = side,
                Height = side,
                CropFraction = 1,
            },
            "small"
        );

    private static OnnxGraph Graph(int side, int[] widths)
    {
        var nodes = new List<OnnxNode>();
        var initializers = new OrderedDictionary<string, OnnxTensor>();
        var random = new Random(1);
        string last = "image";
        int channels = 3;
        foreach (int width in widths)
        {
            string name = $"block{width}";
            Add(Batches.Weight(random, $"{name}.conv.weight", width, channels, 3, 3));
            nodes.Add(
                OnnxNode.Create(
                    "Conv",
                    [last, $"{name}.conv.weight"],
                    [$"{name}.c"],
                    OnnxAttribute.Of("kernel_shape", 3L, 3L),
                    OnnxAttribute.Of("strides", 2L, 2L),
                    OnnxAttribute.Of("pads", 1L, 1L, 1L, 1L)
                )
            );
            foreach ((string part, float value) in new[] { ("weight", 1f), ("bias", 0f), ("running_mean", 0f), ("running_var", 1f) })
                Add(OnnxTensor.FromFloats($"{name}.bn.{part}", [width], [.. Enumerable.Repeat(value, width)]));
            nodes.Add(
                OnnxNode.Create(
                    "BatchNormalization",
                    [$"{name}.c", $"{name}.bn.weight", $"{name}.bn.bias", $"{name}.bn.running_mean", $"{name}.bn.running_var"],
                    [$"{name}.b"]
                )
            );
            nodes.Add(OnnxNode.Create("Relu", [$"{name}.b"], [$"{name}.r"]));
            (last, channels) = ($"{name}.r", width);
        }
        Add(Batches.Weight(random, "fc.weight", 10, channels));
        nodes.Add(OnnxNode.Create("GlobalAveragePool", [last], ["pooled"]));
        nodes.Add(OnnxNode.Create("Flatten", ["pooled"], ["features"]));
        nodes.Add(OnnxNode.Create("Gemm", ["features", "fc.weight"], ["logits"], OnnxAttribute.Of("transB", 1L)));
        return new OnnxGraph
        {
            Opsets = new Dictionary<string, int> { [""] = 17 },
            Inputs = [OnnxValue.Create("image", OnnxElementType.Float, -1, 3, side, side)],
            Outputs = [OnnxValue.Create("logits", OnnxElementType.Float, -1, 10)],
            Nodes = nodes,
            Initializers = initializers,
        };

        void Add(OnnxTensor tensor) => initializers.Add(tensor.Name, tensor);
    }
}
