using MLNetExtensions.Onnx.Networks.Layers;

namespace MLNetExtensions.Onnx.Networks.Architectures;

/// <summary>
/// The network of TensorFlow's CNN tutorial, in Keras's initialization: Conv32-Pool-Conv64-Pool-Conv64-Dense64-Dense. 122,570 parameters
/// for 10 classes of 32x32 color images. About 67 % on CIFAR-10 after 10 epochs of Adam.
/// </summary>
public sealed record SeedCnn : Network
{
    /// <inheritdoc/>
    protected override InitializerDefaults Defaults => InitializerDefaults.Keras;

    /// <inheritdoc/>
    protected override NetworkValue Declare(NetworkValue images, int outputs) =>
        images.Then(
            new Conv2D(32, 3),
            new Relu(),
            new MaxPool2D(2),
            new Conv2D(64, 3),
            new Relu(),
            new MaxPool2D(2),
            new Conv2D(64, 3),
            new Relu(),
            new Flatten(),
            new Dense(64),
            new Relu(),
            new Dense(outputs)
        );
}
