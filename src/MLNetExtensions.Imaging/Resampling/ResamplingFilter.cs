namespace MLNetExtensions.Imaging.Resampling;

/// <summary>
/// The kernel of a separable resampling; it is stretched when an image is made smaller, so that nothing aliases (as Pillow does).
/// </summary>
internal enum ResamplingFilter
{
    /// <summary>A triangle, one pixel to each side.</summary>
    Bilinear,

    /// <summary>Keys' cubic with a = -0.5 (Pillow's), two pixels to each side.</summary>
    Bicubic,
}
