using MLNetExtensions.Backbones;
using MLNetExtensions.Imaging;
using MLNetExtensions.Onnx.Networks;
using MLNetExtensions.Onnx.Networks.Layers;

namespace MLNetExtensions.Stories.Tests.Drawing;

/// <summary>A network as a user declares one: two convolutions, their means, one dense layer.</summary>
internal sealed record TinyNetwork : Network
{
    public int Filters { get; init; } = 8;

    /// <summary>A backbone of ten classes with random weights, which tell colors apart.</summary>
    public static Backbone Backbone() => Backbones.Backbone.FromGraph(new TinyNetwork().Build(outputs: 10, seed: 1), Preprocessing, "tiny");

    public static ImagePreprocessing Preprocessing { get; } =
        new()
        {
            Width = Shape.Side,
            Height = Shape.Side,
            CropFraction = 1,
        };

    protected override NetworkValue Declare(NetworkValue images, int outputs) =>
        images.Then(
            new Conv2D(Filters, 3) { Strides = 2, Padding = Padding.Same },
            new BatchNorm(),
            new Relu(),
            new Conv2D(2 * Filters, 3) { Strides = 2, Padding = Padding.Same },
            new BatchNorm(),
            new Relu(),
            new GlobalAveragePool2D(),
            new Flatten(),
            new Dense(outputs)
        );
}
