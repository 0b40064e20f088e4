namespace MLNetExtensions.Data.Boxes;

/// <summary>An object of an image.</summary>
/// <param name="Class">Its class, from 0.</param>
/// <param name="Left">The left edge in pixels.</param>
/// <param name="Top">The upper edge.</param>
/// <param name="Right">The right edge.</param>
/// <param name="Bottom">The lower edge.</param>
/// <param name="IsCrowd">True for a box around many objects of the class.</param>
internal readonly record struct LabeledBox(int Class, float Left, float Top, float Right, float Bottom, bool IsCrowd);
