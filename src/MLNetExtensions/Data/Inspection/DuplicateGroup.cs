namespace MLNetExtensions.Data.Inspection;

/// <summary>A group of duplicate or nearly duplicate images.</summary>
/// <param name="Images">The images, at least two.</param>
/// <param name="IsExact">True if their files are equal byte for byte; false if they only look alike (another size, another
/// compression).</param>
public sealed record DuplicateGroup(IReadOnlyList<ImageReference> Images, bool IsExact)
{
    /// <summary>True if the images are in different parts.</summary>
    public bool CrossesParts => Images.Any(image => image.Part != Images[0].Part);

    /// <summary>True if the images have different labels.</summary>
    public bool HasDifferentLabels => Images.Any(image => image.Label != Images[0].Label);
}
