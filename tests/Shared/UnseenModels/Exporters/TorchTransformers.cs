using MLNetExtensions.Onnx;
using static MLNetExtensions.Onnx.OnnxAttribute;

namespace MLNetExtensions.UnseenModels.Exporters;

/// <summary>Networks on tokens, and what is built like them, as torch.onnx.export writes them.</summary>
internal static class TorchTransformers
{
    private const int Width = 16,
        Heads = 2,
        Grid = 4,
        Tokens = Grid * Grid;

    public static IReadOnlyList<UnseenModel> All { get; } =
    [
        new UnseenModel("torch11-vit-batch1", d => Vit(d, 11, 1)) { Features = Width }.Unprunable(),
        new UnseenModel("torch14-vit", d => Vit(d, 14, "batch")) { Features = Width }.Unprunable(),
        new UnseenModel("torch17-vit-mean-pool", MeanPool) { Features = Width }.Unprunable(),
        new UnseenModel("torch17-swin-windows-batch1", d => Swin(d, 1)) { Features = 32 }.Unprunable(),
        new UnseenModel("torch17-swin-windows", d => Swin(d, "batch")) { Features = 32 }.Unprunable(),
        new UnseenModel("torch17-convnext", ConvNext) { Features = 24 }.Unprunable(),
        new UnseenModel("torch13-einsum-attention", Einsum) { Features = Width }.Unprunable(),
        new UnseenModel("torch17-mlp-mixer", Mixer) { Features = Width }.Unprunable(),
        new UnseenModel("torch12-bool-mask-attention", Masked) { Features = Width }.Unprunable(),
        new("torch16-mobilevit-unfold-batch1", MobileVit) { Features = 24 },
    ];

    /// <summary>
    /// ViT with a class token: patches by a strided convolution, Expand of the token, attention by MatMul, the classifier on token 0.
    /// </summary>
    private static void Vit(ModelDraft d, int opset, object batch)
    {
        TorchScriptModels.Named(d, opset);
        string x = Patches(d, d.Input("pixel_values", batch, 3, 32, 32), batch);
        string token = d.Tensor("vit", "cls_token", 1, 1, 1, Width);
        if (batch is string)
            token = d.Node("Expand", [token, d.Concat(0, d.Unsqueeze(d.BatchOf(x), 0), d.Longs(1), d.Longs(Width))]);
        x = d.Add(d.Concat(1, token, x), d.Tensor("vit", "pos_embed", 0.2, 1, Tokens + 1, Width));
        x = Block(d, Block(d, x, Tokens + 1, batch), Tokens + 1, batch);
        x = d.Gather(d.LayerNorm(x, Width), d.Long(0), 1);
        d.End(d.Gemm(x, Width, 10), "logits", batch, 10);
    }

    /// <summary>A ViT without a token: the mean over tokens, then LayerNormalization.</summary>
    private static void MeanPool(ModelDraft d)
    {
        TorchScriptModels.Named(d, 17);
        string x = Patches(d, d.Input("input", "batch", 3, 32, 32), "batch");
        x = Block(d, d.Add(x, d.Tensor("vit", "pos_embed", 0.2, 1, Tokens, Width)), Tokens, "batch");
        x = d.LayerNorm(d.Mean(x, false, 1), Width);
        d.End(d.Gemm(x, Width, 10), "output", "batch", 10);
    }

    /// <summary>Windows of 2 x 2 tokens in two stages with a patch merging between; the second block's windows are rolled by one.</summary>
    private static void Swin(ModelDraft d, object batch)
    {
        TorchScriptModels.Named(d, 17);
        // A patch is 4 x 4 pixels: 8 x 8 tokens.
        string x = d.Transpose(d.Conv(d.Input("input", batch, 3, 32, 32), 3, Width, kernel: 4, stride: 4, pad: 0), 0, 2, 3, 1);
        x = Windows(d, d.LayerNorm(x, Width), 8, Width, roll: false, batch);
        x = Windows(d, x, 8, Width, roll: true, batch);
        string[] parts =
        [
            .. from column in new[] { 0, 1 }
            from row in new[] { 0, 1 }
            select d.Slice(d.Slice(x, row, long.MaxValue, 1, 2), column, long.MaxValue, 2, 2),
        ];
        x = d.Node("MatMul", [d.LayerNorm(d.Concat(3, parts), 4 * Width), d.Kernel("reduction", 4 * Width, 4 * Width, 32)]);
        x = Windows(d, x, 4, 32, roll: false, batch);
        x = d.Transpose(d.LayerNorm(x, 32), 0, 3, 1, 2);
        d.End(d.Gemm(d.Flatten(d.GlobalPool(x)), 32, 10), "output", batch, 10);
    }

    private static string Windows(ModelDraft d, string x, long side, int width, bool roll, object batch)
    {
        long windows = side / 2;
        string y = roll ? Roll(d, Roll(d, x, 1), 2) : x;
        y = d.Transpose(Shaped(d, y, batch, windows, 2, windows, 2, width), 0, 1, 3, 2, 4, 5);
        y = d.Reshape(y, batch is int ? windows * windows : -1, 4, width);
        string[] qkv = [.. Enumerable.Range(0, 3).Select(_ => d.Dense(y, width, width))];
        string scores = d.Mul(d.Node("MatMul", [qkv[0], d.Transpose(qkv[1], 0, 2, 1)]), d.Scalar(1 / MathF.Sqrt(width)));
        scores = d.Add(scores, d.Tensor(d.Layer("attn"), "relative_position_bias", 0.1, 1, 4, 4));
        y = d.Dense(d.Node("MatMul", [d.Softmax(scores, -1), qkv[2]]), width, width);
        y = batch is int count ? d.Reshape(y, count, windows, windows, 2, 2, width) : d.ReshapeLike(y, x, windows, windows, 2, 2, width);
        y = Shaped(d, d.Transpose(y, 0, 1, 3, 2, 4, 5), batch, side, side, width);
        x = d.Add(x, y);
        return d.Add(x, d.Dense(d.ErfGelu(d.Dense(d.LayerNorm(x, width), width, width * 2)), width * 2, width));
    }

    private static string Roll(ModelDraft d, string x, long axis) =>
        d.Concat(axis, d.Slice(x, 1, long.MaxValue, axis), d.Slice(x, 0, 1, axis));

    private static void ConvNext(ModelDraft d)
    {
        TorchScriptModels.Named(d, 17);
        string x = d.Conv(d.Input("pixel_values", "batch_size", 3, 32, 32), 3, 8, kernel: 4, stride: 4, pad: 0);
        x = Block(d, x, 8);
        x = d.Conv(d.Transpose(d.LayerNorm(d.Transpose(x, 0, 2, 3, 1), 8), 0, 3, 1, 2), 8, 24, kernel: 2, stride: 2, pad: 0);
        x = Block(d, x, 24);
        x = d.LayerNorm(d.Mean(x, false, -2, -1), 24);
        d.End(d.Gemm(x, 24, 10), "logits", "batch_size", 10);

        static string Block(ModelDraft d, string x, int width)
        {
            string y = d.LayerNorm(d.Transpose(d.Conv(x, width, width, kernel: 7, groups: width), 0, 2, 3, 1), width);
            y = d.Dense(d.ErfGelu(d.Dense(y, width, width * 2, biasFirst: true)), width * 2, width, biasFirst: true);
            return d.Add(x, d.Transpose(d.Mul(d.Tensor(d.Layer("layer_scale"), "gamma", 0.5, width), y), 0, 3, 1, 2));
        }
    }

    private static void Einsum(ModelDraft d)
    {
        TorchScriptModels.Named(d, 13);
        string x = d.Add(Patches(d, d.Input("input", "batch", 3, 32, 32), "batch"), d.Tensor("model", "pos_embed", 0.2, 1, Tokens, Width));
        string[] qkv = [.. Enumerable.Range(0, 3).Select(_ => d.ReshapeByShape(d.Dense(x, Width, Width), Tokens, Heads, Width / Heads))];
        string scores = d.Mul(d.Node("Einsum", [qkv[0], qkv[1]], Of("equation", "bqhd,bkhd->bhqk")), d.Scalar(0.35f));
        string y = d.ReshapeByShape(d.Node("Einsum", [d.Softmax(scores, -1), qkv[2]], Of("equation", "bhqk,bkhd->bqhd")), Tokens, Width);
        x = d.LayerNorm(d.Add(x, d.Dense(y, Width, Width)), Width);
        d.End(d.Gemm(d.Mean(x, false, 1), Width, 10), "output", "batch", 10);
    }

    private static void Mixer(ModelDraft d)
    {
        TorchScriptModels.Named(d, 17);
        string x = Patches(d, d.Input("input", "batch", 3, 32, 32), "batch");
        string y = d.Transpose(d.LayerNorm(x, Width), 0, 2, 1);
        x = d.Add(x, d.Transpose(d.Dense(d.ErfGelu(d.Dense(y, Tokens, 32)), 32, Tokens), 0, 2, 1));
        x = d.Add(x, d.Dense(d.ErfGelu(d.Dense(d.LayerNorm(x, Width), Width, 32)), 32, Width));
        d.End(d.Gemm(d.Mean(d.LayerNorm(x, Width), false, 1), Width, 10), "output", "batch", 10);
    }

    /// <summary>masked_fill: Where with a mask that is a bool constant, and one computed by Greater.</summary>
    private static void Masked(ModelDraft d)
    {
        TorchScriptModels.Numbered(d, 12, "1.8");
        string x = d.Add(Patches(d, d.Input("input", "batch", 3, 32, 32), "batch"), d.Tensor("model", "pos_embed", 0.2, 1, Tokens, Width));
        bool[] mask = [.. Enumerable.Range(0, Tokens * Tokens).Select(i => i % Tokens > i / Tokens + 4)];
        string constant = d.Initializer(OnnxTensor.FromArray("mask", OnnxElementType.Bool, [1, Tokens, Tokens], mask));
        string scores = d.Node("MatMul", [d.Dense(x, Width, Width), d.Transpose(d.Dense(x, Width, Width), 0, 2, 1)]);
        scores = d.Node("Where", [constant, d.Scalar(-1e9f), d.Mul(scores, d.Scalar(0.25f))]);
        x = d.Add(x, d.Node("MatMul", [d.Softmax(scores, -1), d.Dense(x, Width, Width)]));
        string positive = d.Cast(d.Node("Greater", [x, d.Scalar(-1)]), OnnxElementType.Float);
        x = d.Mean(d.Mul(d.LayerNorm(x, Width), positive), false, 1);
        d.End(d.Gemm(x, Width, 10), "output", "batch", 10);
    }

    /// <summary>
    /// MobileViT's unfolding into patches, whose shapes are constants of one image: [24, 4, 2, 4, 2] and the like, the batch merged with
    /// channels.
    /// </summary>
    private static void MobileVit(ModelDraft d)
    {
        TorchScriptModels.Named(d, 16);
        const int Channels = 24;
        string x = d.Swish(d.Conv(d.Swish(d.Conv(d.Input("pixel_values", 1, 3, 32, 32), 3, 8, stride: 2)), 8, Channels, stride: 2));
        string y = d.Reshape(x, Channels * 4, 2, 4, 2);
        y = d.Reshape(d.Transpose(y, 0, 2, 1, 3), 1, Channels, 16, 4);
        y = d.Reshape(d.Transpose(y, 0, 3, 2, 1), 4, 16, Channels);
        y = d.LayerNorm(Attention(d, y, 16, Channels, 4), Channels);
        y = d.Transpose(d.Reshape(y, 1, 4, 16, Channels), 0, 3, 2, 1);
        y = d.Transpose(d.Reshape(y, Channels * 4, 4, 2, 2), 0, 2, 1, 3);
        y = d.Reshape(y, 1, Channels, 8, 8);
        x = d.Swish(d.Conv(d.Concat(1, x, y), 2 * Channels, Channels));
        d.End(d.Classifier(x, Channels), "logits", 1, 10);
    }

    private static string Patches(ModelDraft d, string image, object batch)
    {
        string x = d.Conv(image, 3, Width, kernel: 8, stride: 8, pad: 0);
        return d.Transpose(Shaped(d, x, batch, Width, Tokens), 0, 2, 1);
    }

    private static string Block(ModelDraft d, string x, int tokens, object batch)
    {
        x = d.Add(x, Attention(d, d.LayerNorm(x, Width), tokens, Width, batch));
        return d.Add(x, d.Dense(d.ErfGelu(d.Dense(d.LayerNorm(x, Width), Width, 32)), 32, Width));
    }

    private static string Attention(ModelDraft d, string x, int tokens, int width, object batch)
    {
        string[] qkv =
        [
            .. Enumerable
                .Range(0, 3)
                .Select(i =>
                    d.Transpose(
                        Shaped(d, d.Dense(x, width, width), batch, tokens, Heads, width / Heads),
                        i == 1 ? [0, 2, 3, 1] : [0, 2, 1, 3]
                    )
                ),
        ];
        string scores = d.Node("Div", [d.Node("MatMul", [qkv[0], qkv[1]]), d.Scalar(MathF.Sqrt(width / Heads))]);
        string y = d.Transpose(d.Node("MatMul", [d.Softmax(scores, -1), qkv[2]]), 0, 2, 1, 3);
        return d.Dense(Shaped(d, y, batch, tokens, width), width, width);
    }

    /// <summary>A Reshape to [batch, sizes]: by constants for a fixed batch, else by Shape.</summary>
    private static string Shaped(ModelDraft d, string x, object batch, params long[] sizes) =>
        batch is int count ? d.Reshape(x, [count, .. sizes]) : d.ReshapeByShape(x, sizes);
}
