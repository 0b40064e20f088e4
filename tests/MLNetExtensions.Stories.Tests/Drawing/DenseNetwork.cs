using MLNetExtensions.Backbones;
using MLNetExtensions.Imaging;
using MLNetExtensions.Onnx.Networks;
using MLNetExtensions.Onnx.Networks.Layers;

namespace MLNetExtensions.Stories.Tests.Drawing;

/// <summary>Five convolutions that halve the image each: a backbone with maps of strides 2 to 32, as a user declares one.</summary>
internal sealed record DenseNetwork : Network
{
    public const int Side = 64;

    /// <summary>A backbone with random weights.</summary>
    public static Backbone Backbone() =>
        Backbones.Backbone.FromGraph(
            new DenseNetwork().Build(outputs: 10, height: Side, width: Side, seed: 1),
            new ImagePreprocessing
            {
                Width = Side,
                Height = Side,
                CropFraction = 1,
            },
            "dense"
        );

    protected override NetworkValue Declare(NetworkValue images, int outputs) =>
        images.Then(Half(12), Half(16), Half(24), Half(32), Half(32), new GlobalAveragePool2D(), new Flatten(), new Dense(outputs));

    private static Sequential Half(int filters) =>
        new(
            new Conv2D(filters, 3)
            {
                Strides = 2,
                Padding = 1,
                UseBias = false,
            },
            new BatchNorm(),
            new Relu()
        );
}
