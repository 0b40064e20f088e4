namespace MLNetExtensions.Imaging.Augmentations.Engine;

/// <summary>An operation that moves each pixel by a displacement of its own.</summary>
internal interface IDisplacement : IPixelOperation
{
    /// <summary>The pixels shown beyond the image.</summary>
    BorderMode Border { get; }

    /// <summary>The gray level for <see cref="BorderMode.Constant"/>.</summary>
    byte Fill { get; }

    /// <summary>Computes each pixel's source.</summary>
    /// <param name="key">The key of the draws.</param>
    /// <param name="field">Knows the size; receives the positions.</param>
    void Displace(DrawKey key, DisplacementField field);

    void IPixelOperation.Apply(in DrawnValues values, DrawKey key, WorkingImage image)
    {
        image.Field.Set(this, key, image.Width, image.Height);
        DisplacementResampler.Run(image, image.Field.X, image.Field.Y, Border, Fill);
    }
}
