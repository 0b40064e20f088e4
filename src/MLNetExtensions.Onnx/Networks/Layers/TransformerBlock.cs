namespace MLNetExtensions.Onnx.Networks.Layers;

/// <summary>
/// A block of a vision transformer (arXiv 2010.11929): x + attn(norm1(x)), then x + fc2(gelu(fc1(norm2(x)))); [steps, features] to the
/// same. Parameters are named as in timm: <c>norm1</c>, <c>attn.qkv</c>, <c>attn.proj</c>, <c>norm2</c>, <c>mlp.fc1</c>, <c>mlp.fc2</c>.
/// </summary>
/// <param name="Heads">The number of heads.</param>
public sealed record TransformerBlock(int Heads) : Layer
{
    /// <summary>The width of the feed-forward part, as a multiple of the input's width.</summary>
    /// <value>The default is 4.</value>
    public int Expansion { get; init; } = 4;

    /// <summary>The fraction of values that training drops after attention and in the second part.</summary>
    /// <value>The default is 0.</value>
    public float Dropout { get; init; }

    /// <summary>The fraction of rows for which training skips a part of the block.</summary>
    /// <value>The default is 0.</value>
    public float StochasticDepth { get; init; }

    /// <summary>The initializer of the weights.</summary>
    /// <value>The default is the truncated normal of 0.02.</value>
    public Initializer KernelInitializer { get; init; } = new Initializers.TruncatedNormal();

    /// <inheritdoc/>
    protected internal override NetworkValue Apply(NetworkValue input, LayerContext layer)
    {
        (_, int features) = layer.RequireSequence();
        return input.Then(
            new Residual(
                new Sequential(
                    new LayerNorm { Name = "norm1", Epsilon = 1e-6f },
                    new MultiHeadAttention(Heads) { Name = "attn", KernelInitializer = KernelInitializer },
                    new Dropout(Dropout),
                    new StochasticDepth(StochasticDepth)
                )
            ),
            new Residual(
                new Sequential(
                    new LayerNorm { Name = "norm2", Epsilon = 1e-6f },
                    Part("mlp.fc1", features * Expansion),
                    new Gelu(),
                    new Dropout(Dropout),
                    Part("mlp.fc2", features),
                    new Dropout(Dropout),
                    new StochasticDepth(StochasticDepth)
                )
            )
        );
    }

    private Dense Part(string name, int units) =>
        new(units)
        {
            Name = name,
            KernelInitializer = KernelInitializer,
            BiasInitializer = new Initializers.Zeros(),
        };
}
