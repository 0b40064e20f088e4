namespace MLNetExtensions.Imaging.Augmentations.Operations;

/// <summary>
/// The base of augmentations that move pixels and so show pixels beyond the edge. Bilinear, antialiased where the image gets smaller.
/// </summary>
public abstract record GeometricAugmentation : Augmentation
{
    private protected GeometricAugmentation() { }

    /// <summary>The pixels shown beyond the image.</summary>
    /// <value>The default is <see cref="BorderMode.Constant"/>.</value>
    public BorderMode Border { get; init; }

    /// <summary>The gray level beyond the image for <see cref="BorderMode.Constant"/>.</summary>
    /// <value>The default is 0, black.</value>
    public byte Fill { get; init; }
}
