using MLNetExtensions.Data.Masks;
using MLNetExtensions.Imaging.Decoding;
using MLNetExtensions.Scoring.Decoding;
using SkiaSharp;

namespace Microsoft.ML;

/// <summary>Draws masks on images.</summary>
public static class MaskDrawingCatalog
{
    /// <summary>Lays the mask of an image over it: each class in a color of its own, the class <c>background</c> clear.</summary>
    /// <param name="catalog">The catalog, <c>ml.Vision()</c>.</param>
    /// <param name="imagePath">The image's file.</param>
    /// <param name="mask">The index of each pixel's class, row after row, in the image's size: the column <c>PredictedMask</c>.</param>
    /// <param name="classes">The names of the classes by index.</param>
    /// <param name="outputPath">The PNG file to write.</param>
    /// <param name="opacity">How much of the image colors cover, 0 to 1.</param>
    /// <exception cref="ArgumentException">The mask has another number of pixels than the image.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The opacity is not 0 to 1.</exception>
    /// <exception cref="MLNetExtensions.Imaging.InvalidImageException">The image cannot be read.</exception>
    public static void DrawMask(
        this VisionOperationsCatalog catalog,
        string imagePath,
        ReadOnlySpan<byte> mask,
        IReadOnlyList<string> classes,
        string outputPath,
        float opacity = 0.5f
    )
    {
        ArgumentException.ThrowIfNullOrEmpty(imagePath);
        ArgumentException.ThrowIfNullOrEmpty(outputPath);
        ArgumentNullException.ThrowIfNull(classes);
        if (!(opacity is >= 0 and <= 1))
            throw new ArgumentOutOfRangeException(nameof(opacity), opacity, "Expected a fraction, 0 to 1.");
        using SKBitmap image = DrawnImage.Open(imagePath);
        if (mask.Length != image.Width * image.Height)
            throw new ArgumentException(
                $"The mask has {mask.Length} pixels, the image '{imagePath}' {image.Width} x {image.Height} = {image.Width * image.Height}.",
                nameof(mask)
            );
        using (var canvas = new SKCanvas(image))
            MaskDrawing.Cover(
                canvas,
                image.Width,
                image.Height,
                mask,
                new ImageSize(image.Width, image.Height),
                classes,
                ignoredIndex: null,
                MaskDrawing.Colors(classes),
                opacity
            );
        DrawnImage.Save(image, outputPath);
    }
}
