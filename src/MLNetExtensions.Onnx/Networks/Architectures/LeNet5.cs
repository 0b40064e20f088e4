using MLNetExtensions.Onnx.Networks.Layers;

namespace MLNetExtensions.Onnx.Networks.Architectures;

/// <summary>
/// LeNet-5 (LeCun et al. 1998) as it is taught today: all feature maps of the second convolution connected. 61,706 parameters for 10
/// classes of 32x32 gray images (28x28 images are padded by two pixels), 62,006 for color ones.
/// </summary>
public sealed record LeNet5 : Network
{
    /// <summary>True for the original tanh and average pooling; false for ReLU and max pooling.</summary>
    /// <value>The default is true.</value>
    public bool Classic { get; init; } = true;

    /// <inheritdoc/>
    protected override NetworkValue Declare(NetworkValue images, int outputs)
    {
        // Digits of 28x28 pixels stand in the middle of 32x32.
        if (images.Shape is [_, 28, 28])
            images = images.Then(new ZeroPadding2D(2));
        return images.Then(
            new Conv2D(6, 5),
            Activation(),
            Pool(),
            new Conv2D(16, 5),
            Activation(),
            Pool(),
            new Flatten(),
            new Dense(120),
            Activation(),
            new Dense(84),
            Activation(),
            new Dense(outputs)
        );
    }

    private Layer Activation() => Classic ? new Tanh() : new Relu();

    private Layer Pool() => Classic ? new AveragePool2D(2) : new MaxPool2D(2);
}
