namespace MLNetExtensions.Imaging.Augmentations.Engine;

/// <summary>The third part of an operation that is not geometry: it does to pixels what was drawn.</summary>
internal interface IPixelOperation
{
    /// <summary>Changes an image.</summary>
    /// <param name="values">The random values.</param>
    /// <param name="key">For operations that draw for each pixel.</param>
    /// <param name="image">The image: its pixels, its size, and memory to work in.</param>
    void Apply(in DrawnValues values, DrawKey key, WorkingImage image);
}
