using MLNetExtensions.Onnx.Networks.Layers;

namespace MLNetExtensions.Onnx.Networks.Architectures;

/// <summary>
/// VGG (arXiv 1409.1556) for small images: 3x3 convolutions with batch normalization, halved five times, one dense layer. For 10 classes:
/// VGG-11 has 9,231,114 parameters, VGG-16 14,728,266 (those of the widely used PyTorch ports for CIFAR). Images need at least 32x32
/// pixels.
/// </summary>
/// <param name="Depth">The number of layers of the original: 11, 13, 16 or 19.</param>
public sealed record Vgg(int Depth = 16) : Network
{
    private static readonly int[] Widths = [64, 128, 256, 512, 512];

    /// <summary>True to add batch normalization after each convolution.</summary>
    /// <value>The default is true.</value>
    public bool UseBatchNorm { get; init; } = true;

    /// <inheritdoc/>
    protected override NetworkValue Declare(NetworkValue images, int outputs)
    {
        int[] depths = Depth switch
        {
            11 => [1, 1, 2, 2, 2],
            13 => [2, 2, 2, 2, 2],
            16 => [2, 2, 3, 3, 3],
            19 => [2, 2, 4, 4, 4],
            _ => throw new ArgumentOutOfRangeException(nameof(Depth), Depth, "VGG has a depth of 11, 13, 16 or 19."),
        };
        NetworkValue x = images;
        int index = 0;
        for (int stage = 0; stage < depths.Length; stage++)
        {
            for (int i = 0; i < depths[stage]; i++)
            {
                x = x.Then(
                    new Conv2D(Widths[stage], 3)
                    {
                        Name = Next(),
                        Padding = 1,
                        KernelInitializer = new Initializers.KaimingNormal(Initializers.FanMode.Out),
                        BiasInitializer = new Initializers.Zeros(),
                    }
                );
                if (UseBatchNorm)
                    x = x.Then(new BatchNorm { Name = Next() });
                x = x.Then(new Relu { Name = Next() });
            }
            x = x.Then(new MaxPool2D(2) { Name = Next() });
        }
        return x.Then(
            new GlobalAveragePool2D(),
            new Dense(outputs)
            {
                Name = "classifier",
                KernelInitializer = new Initializers.RandomNormal(0.01),
                BiasInitializer = new Initializers.Zeros(),
            }
        );

        string Next() => $"features.{index++}";
    }
}
