using MLNetExtensions.Onnx.Networks.Layers;

namespace MLNetExtensions.Onnx.Networks.Architectures;

/// <summary>
/// Residual networks (arXiv 1512.03385) with torchvision's parameter names and initialization. ResNet-18, 34 and 50 have 11,689,512,
/// 21,797,672 and 25,557,032 parameters for 1000 classes; with the CIFAR stem and 10 classes 11,173,962, 21,282,122 and 23,520,842. The
/// stride of a bottleneck is in its 3x3 convolution.
/// </summary>
/// <param name="Depth">18, 34 or 50.</param>
public sealed record ResNet(int Depth = 18) : Network
{
    /// <summary>The layers before the first block.</summary>
    /// <value>The default is <see cref="ResNetStem.Auto"/>.</value>
    public ResNetStem Stem { get; init; } = ResNetStem.Auto;

    /// <summary>
    /// True to initialize the scale of each block's last normalization with zeros, so that blocks begin as identities (arXiv 1706.02677).
    /// </summary>
    /// <value>The default is false.</value>
    public bool ZeroInitResidual { get; init; }

    private bool HasBottlenecks => Depth == 50;

    /// <inheritdoc/>
    protected override NetworkValue Declare(NetworkValue images, int outputs)
    {
        int[] depths = Depth switch
        {
            18 => [2, 2, 2, 2],
            34 or 50 => [3, 4, 6, 3],
            _ => throw new ArgumentOutOfRangeException(nameof(Depth), Depth, "ResNet has a depth of 18, 34 or 50."),
        };
        bool small = Stem == ResNetStem.Cifar || (Stem == ResNetStem.Auto && Math.Min(images.Shape[1], images.Shape[2]) <= 64);
        NetworkValue x = small
            ? images.Then(Convolution("conv1", 64, 3, 1), new BatchNorm { Name = "bn1" }, new Relu())
            : images.Then(
                Convolution("conv1", 64, 7, 2),
                new BatchNorm { Name = "bn1" },
                new Relu(),
                new MaxPool2D(3) { Strides = 2, Padding = 1 }
            );
        for (int stage = 0; stage < 4; stage++)
        for (int i = 0; i < depths[stage]; i++)
            x = Block(x, $"layer{stage + 1}.{i}", 64 << stage, stage > 0 && i == 0 ? 2 : 1);
        return x.Then(new GlobalAveragePool2D { Name = "avgpool" }, new Dense(outputs) { Name = "fc" });
    }

    private NetworkValue Block(NetworkValue input, string name, int width, int stride)
    {
        int filters = HasBottlenecks ? 4 * width : width;
        var last = new BatchNorm
        {
            Name = HasBottlenecks ? "bn3" : "bn2",
            ScaleInitializer = ZeroInitResidual ? new Initializers.Zeros() : new Initializers.Ones(),
        };
        Sequential branch = HasBottlenecks
            ?
            [
                Convolution("conv1", width, 1, 1),
                new BatchNorm { Name = "bn1" },
                new Relu(),
                Convolution("conv2", width, 3, stride),
                new BatchNorm { Name = "bn2" },
                new Relu(),
                Convolution("conv3", filters, 1, 1),
                last,
            ]
            : [Convolution("conv1", width, 3, stride), new BatchNorm { Name = "bn1" }, new Relu(), Convolution("conv2", width, 3, 1), last];
        bool same = stride == 1 && input.Shape[0] == filters;
        Layer? shortcut = same
            ? null
            : new Sequential(Convolution("downsample.0", filters, 1, stride), new BatchNorm { Name = "downsample.1" });
        return input.Then(new Sequential(new Residual(branch, shortcut), new Relu()) { Name = name });
    }

    private static Conv2D Convolution(string name, int filters, int kernel, int stride) =>
        new(filters, kernel)
        {
            Name = name,
            Strides = stride,
            Padding = kernel / 2,
            UseBias = false,
            KernelInitializer = new Initializers.KaimingNormal(Initializers.FanMode.Out),
        };
}
