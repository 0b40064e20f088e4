using MLNetExtensions.Onnx.Networks.Layers;

namespace MLNetExtensions.Onnx.Networks.Architectures;

/// <summary>
/// ConvNeXt (arXiv 2201.03545) with timm's parameter names. The default is a small one for small images; <see cref="Tiny"/> has the paper's
/// 28,589,128 parameters for 1000 classes.
/// </summary>
public sealed record ConvNeXt : Network
{
    /// <summary>ConvNeXt-T: widths 96 to 768, depths 3, 3, 9, 3, patches of 4.</summary>
    public static ConvNeXt Tiny =>
        new()
        {
            Widths = [96, 192, 384, 768],
            Depths = [3, 3, 9, 3],
            Patch = 4,
        };

    /// <summary>The channels of each stage.</summary>
    /// <value>The default is 40, 80, 160, 320.</value>
    public IReadOnlyList<int> Widths { get; init; } = [40, 80, 160, 320];

    /// <summary>The number of blocks of each stage.</summary>
    /// <value>The default is 2, 2, 6, 2.</value>
    public IReadOnlyList<int> Depths { get; init; } = [2, 2, 6, 2];

    /// <summary>The window and step of the first convolution; each later stage halves the image.</summary>
    /// <value>The default is null: 4, or 2 for images of at most 64 pixels.</value>
    public int? Patch { get; init; }

    /// <summary>The fraction of rows for which training skips the last block; earlier blocks have proportionally less.</summary>
    /// <value>The default is 0.</value>
    public float StochasticDepth { get; init; }

    /// <inheritdoc/>
    protected override NetworkValue Declare(NetworkValue images, int outputs)
    {
        if (Widths.Count != Depths.Count || Widths.Count == 0)
            throw new ArgumentException(
                $"ConvNeXt needs as many Widths as Depths, at least one; it has {Widths.Count} and {Depths.Count}."
            );
        int patch = Patch ?? (Math.Min(images.Shape[1], images.Shape[2]) <= 64 ? 2 : 4);
        int blocks = Depths.Sum(),
            block = 0;
        NetworkValue x = images.Then(Convolution("stem.0", Widths[0], patch), Norm("stem.1"));
        for (int stage = 0; stage < Widths.Count; stage++)
        {
            if (stage > 0)
                x = x.Then(Norm($"stages.{stage}.downsample.0"), Convolution($"stages.{stage}.downsample.1", Widths[stage], 2));
            for (int i = 0; i < Depths[stage]; i++, block++)
                x = x.Then(Block($"stages.{stage}.blocks.{i}", Widths[stage], StochasticDepth * block / Math.Max(1, blocks - 1)));
        }
        return x.Then(new GlobalAveragePool2D(), new LayerNorm { Name = "head.norm", Epsilon = 1e-6f }, Linear("head.fc", outputs));
    }

    private static Residual Block(string name, int width, float drop) =>
        new(
            new Sequential(
                new DepthwiseConv2D(7)
                {
                    Name = "conv_dw",
                    Padding = 3,
                    KernelInitializer = new Initializers.TruncatedNormal(),
                    BiasInitializer = new Initializers.Zeros(),
                },
                new Permute(2, 3, 1),
                new LayerNorm { Name = "norm", Epsilon = 1e-6f },
                Linear("mlp.fc1", 4 * width),
                new Gelu(),
                Linear("mlp.fc2", width),
                new Permute(3, 1, 2),
                new LayerScale { Name = "scale" },
                new StochasticDepth(drop)
            )
        )
        {
            Name = name,
        };

    private static LayerNorm Norm(string name) =>
        new()
        {
            Name = name,
            Epsilon = 1e-6f,
            ChannelsFirst = true,
        };

    private static Conv2D Convolution(string name, int filters, int size) =>
        new(filters, size)
        {
            Name = name,
            Strides = size,
            KernelInitializer = new Initializers.TruncatedNormal(),
            BiasInitializer = new Initializers.Zeros(),
        };

    private static Dense Linear(string name, int units) =>
        new(units)
        {
            Name = name,
            KernelInitializer = new Initializers.TruncatedNormal(),
            BiasInitializer = new Initializers.Zeros(),
        };
}
