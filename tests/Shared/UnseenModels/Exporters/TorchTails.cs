using MLNetExtensions.Onnx;
using MLNetExtensions.Onnx.Proto;
using static MLNetExtensions.Onnx.OnnxAttribute;

namespace MLNetExtensions.UnseenModels.Exporters;

/// <summary>What comes behind a network's features in PyTorch's exports: classifiers, several outputs, and what is no classifier.</summary>
internal static class TorchTails
{
    public static IReadOnlyList<UnseenModel> All { get; } =
    [
        new("torch11-squeeze-if", SqueezeIf) { Features = 24 },
        new("torch13-flatten-negative-axis", FlattenNegative) { Features = 24 },
        new("torch13-reshape-of-one", ReshapeOfOne) { Features = 24 },
        new("torch11-batchnorm-behind-classifier", NormBehindClassifier) { Features = 24 },
        new("torch13-log-softmax-view", LogSoftmax) { Features = 24 },
        new("torch13-embedding-and-logits", EmbeddingAndLogits) { Features = 24 },
        new("torch13-arcface-embedding", ArcFace),
        new("torch13-embedding-l2", EmbeddingL2),
        new("torch13-topk", TopK) { Features = 24 },
        new("torch13-argmax", ArgMax) { Features = 24 },
        new("torch13-two-heads", TwoHeads) { Features = 24 },
        new("torch13-conv-classifier", ConvClassifier) { Features = 24 },
        new("torch11-ssd-detector", Detector) { Warned = DetectorWarnings, Tolerance = 1e-3 },
        new("torch13-segmentation", Segmentation) { Warned = DetectorWarnings },
        new UnseenModel("torch13-half", d => Half(d, floatInput: false)) { Features = 24, Tolerance = 0.02 }.MayBeUntrainable(
            "Float16|float32"
        ),
        new UnseenModel("torch13-half-float-input", d => Half(d, floatInput: true)) { Features = 24, Tolerance = 0.02 }.MayBeUntrainable(
            "Float16|float32"
        ),
    ];

    private static Dictionary<UnseenStep, string> DetectorWarnings =>
        new() { [UnseenStep.Head] = "classifi|detect|features|FeatureNode|feature node" };

    private static string Start(ModelDraft d, int opset, object batch)
    {
        TorchScriptModels.Named(d, opset);
        return d.Trunk(d.Input("input", batch, 3, 32, 32), 3, 8, 16, 24);
    }

    /// <summary>x.squeeze(-1).squeeze(-1): an If on whether the dimension is 1.</summary>
    private static void SqueezeIf(ModelDraft d)
    {
        string x = d.GlobalPool(Start(d, 11, "batch"));
        foreach (long axis in new[] { 3L, 2 })
        {
            string isOne = d.Node("Equal", [d.Gather(d.Node("Shape", [x]), d.Long(axis), 0), d.Long(1)]);
            x = d.Node(
                "If",
                [isOne],
                new OnnxAttribute(Branch("then_branch", "Squeeze", x, Of("axes", [axis]))),
                new OnnxAttribute(Branch("else_branch", "Identity", x))
            );
        }
        d.End(d.Gemm(x, 24, 10), "output", "batch", 10);

        static AttributeProto Branch(string name, string op, string input, params OnnxAttribute[] attributes)
        {
            var node = new NodeProto { OpType = op };
            node.Input.Add(input);
            node.Output.Add($"{input}_{name}");
            node.Attribute.AddRange(attributes.Select(a => a.Proto));
            var graph = new GraphProto { Name = name };
            graph.Node.Add(node);
            graph.Output.Add(
                new ValueInfoProto
                {
                    Name = node.Output[0],
                    Type = new TypeProto { TensorType = new TypeProto.Types.Tensor { ElemType = (int)OnnxElementType.Float } },
                }
            );
            return new AttributeProto
            {
                Name = name,
                G = graph,
                Type = AttributeProto.Types.AttributeType.Graph,
            };
        }
    }

    /// <summary>flatten(-3): the axis counted from the end.</summary>
    private static void FlattenNegative(ModelDraft d)
    {
        string x = d.Flatten(d.GlobalPool(Start(d, 13, "batch")), axis: -3);
        d.End(d.Gemm(x, 24, 10), "output", "batch", 10);
    }

    /// <summary>A batch that the file calls open, and a Reshape to [1, 24] that holds for one image only.</summary>
    private static void ReshapeOfOne(ModelDraft d)
    {
        string x = d.Reshape(d.GlobalPool(Start(d, 13, "batch")), 1, 24);
        d.End(d.Gemm(x, 24, 10), "output", "batch", 10);
    }

    private static void NormBehindClassifier(ModelDraft d)
    {
        string x = d.Flatten(d.GlobalPool(Start(d, 11, "batch")));
        d.End(d.BatchNorm(d.Gemm(x, 24, 10), 10), "output", "batch", 10);
    }

    private static void LogSoftmax(ModelDraft d)
    {
        string x = d.ReshapeByShape(d.GlobalPool(Start(d, 13, "batch")), 24);
        d.End(d.Node("LogSoftmax", [d.Gemm(d.Dropout(x), 24, 10)], Of("axis", 1L)), "output", "batch", 10);
    }

    /// <summary>The class scores are the second output.</summary>
    private static void EmbeddingAndLogits(ModelDraft d)
    {
        string features = d.Flatten(d.GlobalPool(Start(d, 13, "batch")));
        d.End(features, "embedding", "batch", 24);
        d.End(d.Gemm("embedding", 24, 10), "logits", "batch", 10);
    }

    /// <summary>A face network: PRelu, a linear layer of all pixels, BatchNorm of its outputs; no classifier.</summary>
    private static void ArcFace(ModelDraft d)
    {
        TorchScriptModels.Named(d, 13);
        string x = d.Input("input", "batch", 3, 32, 32);
        int channels = 3;
        foreach (int width in new[] { 8, 16 })
        {
            x = d.BatchNorm(d.Conv(x, channels, width, stride: 2, bias: false), width);
            x = d.Node("PRelu", [x, d.Weight(d.WeightName(d.Layer("prelu"), "weight"), [width, 1, 1], d.Draw([width], 0.25, 0.05))]);
            channels = width;
        }
        x = d.Gemm(d.Flatten(d.Dropout(d.BatchNorm(x, 16), 0.4f)), 1024, 48);
        d.End(d.BatchNorm(x, 48), "embedding", "batch", 48);
    }

    /// <summary>A network for similarity: a projection of length 1; no classifier.</summary>
    private static void EmbeddingL2(ModelDraft d)
    {
        string x = d.Gemm(d.Flatten(d.GlobalPool(Start(d, 13, "batch"))), 24, 20);
        string length = d.Clip(d.Node("ReduceL2", [x], Of("axes", [1L]), Of("keepdims", 1L)), 1e-12f, float.MaxValue);
        d.End(d.Node("Div", [x, d.Node("Expand", [length, d.Node("Shape", [x])])]), "embedding", "batch", 20);
    }

    private static void TopK(ModelDraft d)
    {
        string[] best = d.Nodes("TopK", [d.Softmax(d.Classifier(Start(d, 13, "batch"), 24)), d.Longs(3)], 2, Of("axis", -1L));
        d.End(best[0], "probabilities", "batch", 3);
        d.Edit(g => g.Node[^1].Output[1] = "classes");
        d.Output("classes", OnnxElementType.Int64, "batch", 3);
    }

    private static void ArgMax(ModelDraft d)
    {
        string scores = d.Softmax(d.Classifier(Start(d, 13, "batch"), 24));
        string best = d.Node("ArgMax", [scores], Of("axis", 1L), Of("keepdims", 0L));
        d.Output(best, OnnxElementType.Int64, "batch");
    }

    /// <summary>Two classifiers on the same features, such as age and gender.</summary>
    private static void TwoHeads(ModelDraft d)
    {
        string x = d.Flatten(d.GlobalPool(Start(d, 13, "batch")));
        d.End(d.Softmax(d.Gemm(x, 24, 8)), "age", "batch", 8);
        d.End(d.Softmax(d.Gemm(x, 24, 2)), "gender", "batch", 2);
    }

    /// <summary>The classifier is a 1 x 1 convolution before the pooling.</summary>
    private static void ConvClassifier(ModelDraft d)
    {
        string x = d.Conv(d.Dropout(Start(d, 13, "batch")), 24, 10, kernel: 1);
        d.End(d.Flatten(d.GlobalPool(x)), "output", "batch", 10);
    }

    /// <summary>SSD: boxes and class scores of anchors on two maps.</summary>
    private static void Detector(ModelDraft d)
    {
        TorchScriptModels.Named(d, 11);
        string fine = d.Trunk(d.Input("input", "batch", 3, 32, 32), 3, 8, 16),
            coarse = d.ConvBnRelu(fine, 16, 24, stride: 2);
        string boxes = d.Concat(1, Anchors(fine, 16, 8, 4), Anchors(coarse, 24, 4, 4));
        string scores = d.Softmax(d.Concat(1, Anchors(fine, 16, 8, 3), Anchors(coarse, 24, 4, 3)), 2);
        d.End(boxes, "boxes", "batch", 160, 4);
        d.End(scores, "scores", "batch", 160, 3);

        string Anchors(string map, int channels, int side, int values) =>
            d.ReshapeByShape(d.Transpose(d.Conv(map, channels, 2 * values), 0, 2, 3, 1), side * side * 2, values);
    }

    /// <summary>A class for each pixel.</summary>
    private static void Segmentation(ModelDraft d)
    {
        string x = d.Conv(Start(d, 13, "batch"), 24, 5, kernel: 1);
        x = d.Node(
            "Resize",
            [x, "", d.Initializer(OnnxTensor.FromFloats("scales", [4], [1, 1, 8, 8]))],
            Of("coordinate_transformation_mode", "pytorch_half_pixel"),
            Of("mode", "linear")
        );
        d.End(x, "output", "batch", 5, 32, 32);
    }

    /// <summary>model.half(), or the same between casts of its input and output (keep_io_types).</summary>
    private static void Half(ModelDraft d, bool floatInput)
    {
        TorchScriptModels.Named(d, 13);
        d.Float = OnnxElementType.Float16;
        string x = floatInput
            ? d.Cast(d.Input("input", OnnxElementType.Float, "batch", 3, 32, 32), OnnxElementType.Float16)
            : d.Input("input", "batch", 3, 32, 32);
        x = d.Classifier(d.Trunk(x, 3, 8, 16, 24), 24);
        if (floatInput)
            (x, d.Float) = (d.Cast(x, OnnxElementType.Float), OnnxElementType.Float);
        d.End(x, "output", "batch", 10);
    }
}
