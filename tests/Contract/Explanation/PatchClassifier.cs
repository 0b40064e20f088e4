using MLNetExtensions.Onnx.Networks;
using MLNetExtensions.Onnx.Networks.Layers;

namespace MLNetExtensions.TrainingContract.Explanation;

/// <summary>Two convolutions, their means, a dense layer.</summary>
internal sealed record PatchClassifier : Network
{
    protected override NetworkValue Declare(NetworkValue images, int outputs) =>
        images.Then(
            new Conv2D(8, 3) { Strides = 2, Padding = MLNetExtensions.Onnx.Networks.Padding.Same },
            new BatchNorm(),
            new Relu(),
            new Conv2D(16, 3) { Padding = MLNetExtensions.Onnx.Networks.Padding.Same },
            new BatchNorm(),
            new Relu(),
            new GlobalAveragePool2D(),
            new Flatten(),
            new Dense(outputs)
        );
}
