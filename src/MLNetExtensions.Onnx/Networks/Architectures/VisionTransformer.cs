using MLNetExtensions.Onnx.Networks.Layers;

namespace MLNetExtensions.Onnx.Networks.Architectures;

/// <summary>
/// The vision transformer (arXiv 2010.11929) with timm's parameter names. The default is ViT-tiny (DeiT-Ti, arXiv 2012.12877): 192
/// features, 3 heads, 12 blocks; 5,717,416 parameters for 1000 classes of 224x224 images in patches of 16.
/// </summary>
public sealed record VisionTransformer : Network
{
    /// <summary>The size of each patch's embedding.</summary>
    /// <value>The default is 192.</value>
    public int Features { get; init; } = 192;

    /// <summary>The number of attention heads.</summary>
    /// <value>The default is 3.</value>
    public int Heads { get; init; } = 3;

    /// <summary>The number of blocks.</summary>
    /// <value>The default is 12.</value>
    public int Blocks { get; init; } = 12;

    /// <summary>The height and width of a patch.</summary>
    /// <value>The default is null: 16, or 4 for images of at most 64 pixels.</value>
    public int? Patch { get; init; }

    /// <summary>The fraction of values that training drops in each block and before the first.</summary>
    /// <value>The default is 0.</value>
    public float Dropout { get; init; }

    /// <summary>The fraction of rows for which training skips the last block; earlier blocks have proportionally less.</summary>
    /// <value>The default is 0.</value>
    public float StochasticDepth { get; init; }

    /// <inheritdoc/>
    protected override NetworkValue Declare(NetworkValue images, int outputs)
    {
        int patch = Patch ?? (Math.Min(images.Shape[1], images.Shape[2]) <= 64 ? 4 : 16);
        NetworkValue x = images.Then(
            new PatchEmbedding(Features, patch)
            {
                Name = "patch_embed",
                KernelInitializer = new Initializers.LecunNormal(),
                BiasInitializer = new Initializers.Zeros(),
            },
            new ClassToken(),
            new PositionEmbedding(),
            new Dropout(Dropout)
        );
        for (int i = 0; i < Blocks; i++)
            x = x.Then(
                new TransformerBlock(Heads)
                {
                    Name = $"blocks.{i}",
                    Dropout = Dropout,
                    StochasticDepth = StochasticDepth * i / Math.Max(1, Blocks - 1),
                }
            );
        return x.Then(
            new LayerNorm { Name = "norm", Epsilon = 1e-6f },
            new SequenceStep(0),
            new Dense(outputs)
            {
                Name = "head",
                KernelInitializer = new Initializers.TruncatedNormal(),
                BiasInitializer = new Initializers.Zeros(),
            }
        );
    }
}
