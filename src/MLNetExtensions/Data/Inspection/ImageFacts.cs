using MLNetExtensions.Data.Masks;
using MLNetExtensions.Imaging.Boxes;
using MLNetExtensions.Imaging.Masks;
using SkiaSharp;

namespace MLNetExtensions.Data.Inspection;

/// <summary>The findings about one image.</summary>
internal sealed class ImageFacts
{
    public required ImageReference Image { get; init; }

    /// <summary>The reason why the image cannot be read; null if it can.</summary>
    public string? BadReason { get; set; }

    public int Width { get; set; }

    public int Height { get; set; }

    /// <summary>Null for images that were decoded before.</summary>
    public SKEncodedImageFormat? Format { get; set; }

    public string Mode { get; set; } = "";

    public bool IsTurned { get; set; }

    /// <summary>True if the image is a JPEG that lacks only its end marker.</summary>
    public bool IsUnended { get; set; }

    /// <summary>The first half of the SHA-256 of its bytes.</summary>
    public UInt128 ContentHash { get; set; }

    /// <summary>The means of R, G, B and of their squares, 0 to 1.</summary>
    public double[] Moments { get; } = new double[6];

    public ImageLook Look { get; set; }

    /// <summary>The boxes around its objects; null where the data have none.</summary>
    public ImageBox[]? Boxes { get; set; }

    /// <summary>The names of the classes of boxes.</summary>
    public IReadOnlyList<string> BoxClasses { get; set; } = [];

    /// <summary>The mask, until its pixels are counted.</summary>
    public EncodedMask Mask { get; set; }

    /// <summary>The classes of the mask; null where the data have no masks.</summary>
    public MaskClasses? MaskClasses { get; set; }

    /// <summary>The number of pixels of each index; null if the mask cannot be used.</summary>
    public long[]? MaskPixels { get; set; }

    /// <summary>The reason why the mask cannot be used; null if it can.</summary>
    public string? MaskProblem { get; set; }
}
