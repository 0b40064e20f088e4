using MLNetExtensions.Onnx.Networks.Initializers;
using MLNetExtensions.Onnx.Networks.Layers;

namespace MLNetExtensions.Onnx.Networks.Architectures;

/// <summary>
/// A network for images of about 32x32 pixels that learns fast: airbench94's (arXiv 2404.00498) with fewer channels and ReLU. A fixed
/// whitening convolution of 2x2 pixels, three stages of two 3x3 convolutions that begin as identities, each halved by pooling before its
/// first normalization, whose scales stay 1; the logits are scaled by a ninth.
/// </summary>
public sealed record CifarNet : Network
{
    /// <summary>The channels of the three stages.</summary>
    /// <value>The default is 32, 128, 128; airbench94 has 64, 256, 256.</value>
    public IReadOnlyList<int> Widths { get; init; } = [32, 128, 128];

    /// <summary>The fixed first weights, made from the training images; null is a learned first convolution.</summary>
    /// <value>The default is null.</value>
    public PatchWhitening? Whitening { get; init; }

    /// <inheritdoc/>
    protected override NetworkValue Declare(NetworkValue images, int outputs)
    {
        int patches = 2 * images.Shape[0] * 4;
        NetworkValue x = images.Then(
            Whitening is null
                ? new Conv2D(patches, 2) { Name = "whiten" }
                : new Conv2D(patches, 2)
                {
                    Name = "whiten",
                    KernelInitializer = Whitening,
                    FixedKernel = true,
                },
            new Relu()
        );
        for (int stage = 0; stage < Widths.Count; stage++)
            x = x.Then(
                new Sequential(
                    Convolution("conv1", Widths[stage]),
                    new MaxPool2D(2),
                    Norm("norm1"),
                    new Relu(),
                    Convolution("conv2", Widths[stage]),
                    Norm("norm2"),
                    new Relu()
                )
                {
                    Name = $"stage{stage + 1}",
                }
            );
        return x.Then(new GlobalMaxPool2D(), new Dense(outputs) { Name = "head", UseBias = false }, new Scale(1f / 9));
    }

    private static BatchNorm Norm(string name) =>
        new()
        {
            Name = name,
            Momentum = 0.6f,
            FixedScale = true,
        };

    private static Conv2D Convolution(string name, int filters) =>
        new(filters, 3)
        {
            Name = name,
            Padding = 1,
            UseBias = false,
            KernelInitializer = new Dirac(new FanInUniform()),
        };
}
