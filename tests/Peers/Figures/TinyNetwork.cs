using MLNetExtensions.Onnx.Networks;
using MLNetExtensions.Onnx.Networks.Layers;

namespace MLNetExtensions.Peers.Figures;

/// <summary>
/// A network of 8 and 16 channels, whose arithmetic on images of 32 pixels takes a few microseconds: what is measured with it is what lies
/// around it.
/// </summary>
internal sealed record TinyNetwork : Network
{
    /// <inheritdoc/>
    protected override NetworkValue Declare(NetworkValue images, int outputs) =>
        images.Then(
            new Conv2D(8, 3) { Strides = 2 },
            new Relu(),
            new Conv2D(16, 3) { Strides = 2 },
            new Relu(),
            new GlobalAveragePool2D(),
            new Dense(outputs)
        );
}
