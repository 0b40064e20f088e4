namespace MLNetExtensions.Imaging;

/// <summary>The way the pixels of a resized image are computed.</summary>
public enum ImageInterpolation
{
    /// <summary>
    /// Resizes like ML.NET's ResizeImages: Skia's high quality, which is not always antialiased (nearest neighbor for
    /// <see cref="ImageResizeMode.Stretch"/>).
    /// </summary>
    Standard,

    /// <summary>Pillow's antialiased bilinear filter, torchvision's default.</summary>
    Bilinear,

    /// <summary>Pillow's antialiased bicubic filter, as many of timm's networks expect.</summary>
    Bicubic,
}
