using static MLNetExtensions.Onnx.OnnxAttribute;

namespace MLNetExtensions.UnseenModels.Exporters;

/// <summary>What ONNX Runtime's graph and transformer optimizers save: operators of com.microsoft.</summary>
internal static class OptimizedModels
{
    private const string Microsoft = "com.microsoft";

    public static IReadOnlyList<UnseenModel> All { get; } =
    [
        new UnseenModel("ort-fused-conv-gemm", Fused) { Features = 32, Refused = QuantizedModels.Int8Refused("FusedConv") }
            .MayBeUntrainable("FusedConv|FusedGemm")
            .Unprunable(),
        new UnseenModel("ort-transformer-fusions", Transformer) { Features = 16, Tolerance = 1e-3 }
            .MayBeUntrainable("SkipLayerNormalization|BiasGelu|Attention|FastGelu")
            .Unprunable(),
        new UnseenModel("ort-gelu-quickgelu", Gelu) { Features = 24, Tolerance = 1e-3 }
            .MayBeUntrainable("Gelu")
            .Unprunable(),
    ];

    private static void Ort(ModelDraft d, int opset)
    {
        (d.Opset, d.Producer, d.ProducerVersion, d.IrVersion) = (opset, "pytorch", "1.12.1", 8);
        (d.ValueName, d.NodeName) = ((op, n) => $"{op}_{n}_out_0", (op, n) => $"fused {op}_{n}");
        foreach (string domain in new[] { "ai.onnx.ml", "ai.onnx.training", "ai.onnx.preview.training", "com.microsoft.experimental" })
            d.Domains[domain] = 1;
    }

    /// <summary>Activations within Conv and Gemm.</summary>
    private static void Fused(ModelDraft d)
    {
        Ort(d, 12);
        string x = d.Input("input", "batch", 3, 32, 32);
        int channels = 3;
        foreach (int width in new[] { 8, 16, 24 })
        {
            string layer = d.Layer("conv");
            x = d.Foreign(
                Microsoft,
                "FusedConv",
                [x, d.Kernel(layer, channels * 9, width, channels, 3, 3), d.Vector(layer, "bias", width, 0, 0.1)],
                Of("activation", "Relu"),
                Of("kernel_shape", 3L, 3),
                Of("pads", 1L, 1, 1, 1),
                Of("strides", 2L, 2),
                Of("dilations", 1L, 1),
                Of("group", 1L)
            );
            channels = width;
        }
        x = d.Flatten(d.GlobalPool(x));
        x = d.Foreign(
            Microsoft,
            "FusedGemm",
            [x, d.Kernel("fc1", 24, 32, 24), d.Vector("fc1", "bias", 32, 0, 0.1)],
            Of("activation", "Relu"),
            Of("transB", 1L)
        );
        d.End(d.Gemm(x, 32, 10), "output", "batch", 10);
    }

    /// <summary>onnxruntime.transformers: Attention, SkipLayerNormalization, BiasGelu.</summary>
    private static void Transformer(ModelDraft d)
    {
        Ort(d, 13);
        string x = d.Conv(d.Input("pixel_values", "batch", 3, 32, 32), 3, 16, kernel: 8, stride: 8, pad: 0);
        x = d.Add(d.Transpose(d.ReshapeByShape(x, 16, 16), 0, 2, 1), d.Tensor("vit", "pos_embed", 0.2, 1, 16, 16));
        string y = d.Foreign(
            Microsoft,
            "Attention",
            [x, d.Kernel("attention.qkv", 16, 16, 48), d.Vector("attention.qkv", "bias", 48, 0, 0.1)],
            Of("num_heads", 2L)
        );
        x = Skip(y, x);
        string product = d.Node("MatMul", [x, d.Kernel("mlp1", 16, 16, 32)]);
        y = d.Foreign(Microsoft, "BiasGelu", [product, d.Vector("mlp1", "bias", 32, 0, 0.1)]);
        x = Skip(d.Node("MatMul", [y, d.Kernel("mlp2", 32, 32, 16)]), x);
        d.End(d.Gemm(d.Mean(x, false, 1), 16, 10), "logits", "batch", 10);

        string Skip(string a, string b)
        {
            string layer = d.Layer("norm");
            return d.Foreign(
                Microsoft,
                "SkipLayerNormalization",
                [a, b, d.Vector(layer, "weight", 16, 1, 0.1), d.Vector(layer, "bias", 16, 0, 0.1)],
                Of("epsilon", 1e-5f)
            );
        }
    }

    private static void Gelu(ModelDraft d)
    {
        Ort(d, 15);
        string x = d.Foreign(Microsoft, "Gelu", [d.Conv(d.Input("input", "batch", 3, 32, 32), 3, 8, stride: 2)]);
        x = d.Foreign(Microsoft, "QuickGelu", [d.Conv(x, 8, 16, stride: 2)], Of("alpha", 1.702f));
        x = d.Foreign(Microsoft, "FastGelu", [d.Conv(x, 16, 24, stride: 2)]);
        d.End(d.Classifier(x, 24), "output", "batch", 10);
    }
}
