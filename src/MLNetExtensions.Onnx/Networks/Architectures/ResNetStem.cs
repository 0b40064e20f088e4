namespace MLNetExtensions.Onnx.Networks.Architectures;

/// <summary>The layers before the first block of a residual network.</summary>
public enum ResNetStem
{
    /// <summary><see cref="Cifar"/> for images of at most 64 pixels, else <see cref="ImageNet"/>.</summary>
    Auto,

    /// <summary>A 7x7 convolution of stride 2 and a max pooling of stride 2.</summary>
    ImageNet,

    /// <summary>A 3x3 convolution of stride 1.</summary>
    Cifar,
}
