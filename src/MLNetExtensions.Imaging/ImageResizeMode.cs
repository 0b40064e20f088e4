namespace MLNetExtensions.Imaging;

/// <summary>The way an image of another shape is brought to a network's input size.</summary>
public enum ImageResizeMode
{
    /// <summary>
    /// Resize until it covers the canvas, keep the center (ML.NET's IsoCrop), then crop the center by
    /// <see cref="ImagePreprocessing.CropFraction"/>.
    /// </summary>
    CropCenter,

    /// <summary>Resize until it fits and fill the rest with black (ML.NET's IsoPad).</summary>
    Pad,

    /// <summary>Resize each side by itself; the image is distorted (ML.NET's Fill).</summary>
    Stretch,
}
