using static MLNetExtensions.Onnx.OnnxAttribute;

namespace MLNetExtensions.UnseenModels.Exporters;

/// <summary>Weights that are not plain initializers of 32-bit floats, and what else files hold.</summary>
internal static class OddWeights
{
    public static IReadOnlyList<UnseenModel> All { get; } =
    [
        new("weights-double-cast", d => Styled(d, WeightStyle.Double)) { Features = 24 },
        new("weights-half-cast", d => Styled(d, WeightStyle.Half)) { Features = 24 },
        new("weights-sparse", d => Styled(d, WeightStyle.Sparse)) { Features = 24 },
        new("weights-external", d => Styled(d, WeightStyle.External)) { Features = 24 },
        new("weights-constant-nodes", d => Styled(d, WeightStyle.ConstantNode)) { Features = 24 },
        new UnseenModel("weights-normalized-by-graph", WeightNorm) { Features = 24 }.Unprunable(),
        new UnseenModel("weights-shared-layers", Shared) { Features = 16 }.Unprunable(),
        new("metadata-and-names", Metadata) { Features = 24 },
    ];

    private static void Styled(ModelDraft d, WeightStyle style)
    {
        (d.Opset, d.Weights, d.IrVersion) = (13, style, 8);
        d.End(d.Classifier(d.FoldedTrunk(d.Input("input", "batch", 3, 32, 32), 3, 8, 16, 24), 24), "output", "batch", 10);
    }

    /// <summary>weight_norm: g * v / |v|, computed by the graph.</summary>
    private static void WeightNorm(ModelDraft d)
    {
        TorchScriptModels.Named(d, 13);
        string x = d.Input("input", "batch", 3, 32, 32);
        int channels = 3;
        foreach (int width in new[] { 8, 24 })
        {
            string layer = d.Layer("conv"),
                v = d.Kernel(layer, channels * 9, width, channels, 3, 3),
                gain = d.Weight(d.WeightName(layer, "weight_g"), [width, 1, 1, 1], d.Draw([width], 1.2, 0.1));
            string length = d.Node("ReduceL2", [v], Of("axes", 1L, 2, 3), Of("keepdims", 1L));
            x = d.Relu(
                d.Node(
                    "Conv",
                    [x, d.Mul(v, d.Node("Div", [gain, length]))],
                    Of("kernel_shape", 3L, 3),
                    Of("pads", 1L, 1, 1, 1),
                    Of("strides", 2L, 2)
                )
            );
            channels = width;
        }
        d.End(d.Classifier(x, 24), "output", "batch", 10);
    }

    /// <summary>One kernel used by three layers.</summary>
    private static void Shared(ModelDraft d)
    {
        TorchScriptModels.Named(d, 13);
        string x = d.Trunk(d.Input("input", "batch", 3, 32, 32), 3, 16),
            kernel = d.Kernel("shared", 144, 16, 16, 3, 3);
        for (int i = 0; i < 3; i++)
            x = d.Relu(d.Add(x, d.Node("Conv", [x, kernel], Of("kernel_shape", 3L, 3), Of("pads", 1L, 1, 1, 1))));
        d.End(d.Classifier(x, 16), "output", "batch", 10);
    }

    /// <summary>Metadata of other tools, names with spaces and letters beyond ASCII.</summary>
    private static void Metadata(ModelDraft d)
    {
        (d.Opset, d.Producer, d.ProducerVersion, d.IrVersion) = (17, "Größe 画像", "", 9);
        (d.ValueName, d.NodeName) = ((op, n) => $"wert {n} · {op}", (op, n) => $"{op} № {n}");
        foreach (
            (string key, string value) in new[]
            {
                ("names", "{0: 'cat', 1: 'dog'}"),
                ("stride", "32"),
                ("imgsz", "[32, 32]"),
                ("task", "classify"),
                ("", "empty key"),
                ("license", new string('x', 3000)),
            }
        )
            d.Metadata[key] = value;
        d.End(d.Classifier(d.Trunk(d.Input("bild ein", "Anzahl", 3, 32, 32), 3, 8, 16, 24), 24), "ausgabe", "Anzahl", 10);
    }
}
