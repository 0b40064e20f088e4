using MLNetExtensions.Onnx.Networks.Layers;

namespace MLNetExtensions.Onnx.Networks.Architectures;

/// <summary>
/// MobileNetV2 (arXiv 1801.04381) with torchvision's parameter names and initialization: 3,504,872 parameters for 1000 classes. It halves
/// images five times; those of at most 64 pixels only twice, by leaving out the strides of the first layers.
/// </summary>
/// <param name="WidthMultiplier">Multiplies all filters, which stay multiples of 8.</param>
public sealed record MobileNetV2(float WidthMultiplier = 1) : Network
{
    /// <summary>Expansion, filters, repetitions and stride of each stage: the paper's table 2.</summary>
    private static readonly (int Expansion, int Filters, int Count, int Stride)[] Stages =
    [
        (1, 16, 1, 1),
        (6, 24, 2, 2),
        (6, 32, 3, 2),
        (6, 64, 4, 2),
        (6, 96, 3, 1),
        (6, 160, 3, 2),
        (6, 320, 1, 1),
    ];

    /// <summary>The fraction of features that training drops before the classifier.</summary>
    /// <value>The default is 0.2.</value>
    public float Dropout { get; init; } = 0.2f;

    /// <inheritdoc/>
    protected override NetworkValue Declare(NetworkValue images, int outputs)
    {
        int spared = Math.Min(images.Shape[1], images.Shape[2]) <= 64 ? 3 : 0;
        NetworkValue x = images.Then(Block("features.0", Filters(32), 3, Stride(2)));
        int index = 1;
        foreach ((int expansion, int filters, int count, int stride) in Stages)
            for (int i = 0; i < count; i++)
                x = Inverted(x, $"features.{index++}", expansion, Filters(filters), Stride(i == 0 ? stride : 1));
        return x.Then(
            Block("features.18", WidthMultiplier > 1 ? Filters(1280) : 1280, 1, 1),
            new GlobalAveragePool2D(),
            new Dropout(Dropout),
            new Dense(outputs)
            {
                Name = "classifier.1",
                KernelInitializer = new Initializers.RandomNormal(0.01),
                BiasInitializer = new Initializers.Zeros(),
            }
        );

        int Stride(int wanted) => wanted > 1 && spared-- > 0 ? 1 : wanted;
    }

    private static NetworkValue Inverted(NetworkValue input, string name, int expansion, int filters, int stride)
    {
        int channels = input.Shape[0],
            inside = channels * expansion,
            part = 0;
        var branch = new Sequential();
        if (expansion != 1)
            branch.Add(Block($"conv.{part++}", inside, 1, 1));
        branch.Add(Block($"conv.{part++}", inside, 3, stride, groups: inside));
        branch.Add(Convolution($"conv.{part++}", filters, 1, 1, 1));
        branch.Add(new BatchNorm { Name = $"conv.{part}" });
        Layer block = stride == 1 && channels == filters ? new Residual(branch) : branch;
        return input.Then(new Sequential(block) { Name = name });
    }

    private static Sequential Block(string name, int filters, int kernel, int stride, int groups = 1) =>
        new(Convolution("0", filters, kernel, stride, groups), new BatchNorm { Name = "1" }, new Relu6()) { Name = name };

    private static Conv2D Convolution(string name, int filters, int kernel, int stride, int groups) =>
        new(filters, kernel)
        {
            Name = name,
            Strides = stride,
            Padding = kernel / 2,
            Groups = groups,
            UseBias = false,
            KernelInitializer = new Initializers.KaimingNormal(Initializers.FanMode.Out),
        };

    /// <summary>The nearest multiple of 8, but not less than nine tenths of the requested number (torchvision's _make_divisible).</summary>
    private int Filters(int filters)
    {
        float wanted = filters * WidthMultiplier;
        int rounded = Math.Max(8, (int)(wanted + 4) / 8 * 8);
        return rounded < 0.9f * wanted ? rounded + 8 : rounded;
    }
}
