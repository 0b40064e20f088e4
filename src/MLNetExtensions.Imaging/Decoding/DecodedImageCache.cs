using Microsoft.Win32.SafeHandles;
using SkiaSharp;

namespace MLNetExtensions.Imaging.Decoding;

/// <summary>
/// Decoded canvases in a file that later runs use again. An image is found by a hash of its encoded bytes, in a file for its preprocessing,
/// so an image or a setting that has changed is never taken for the old one.
/// </summary>
internal sealed class DecodedImageCache : RecordCache
{
    // Raise it when the same file and settings decode to other pixels.
    private const int Format = 1;

    private DecodedImageCache(string path, SafeFileHandle file, string settings, int canvasBytes, long maxBytes)
        : base(path, file, settings, canvasBytes, maxBytes) { }

    /// <summary>Opens the file of some settings, or makes it; one that is damaged or of another version is made anew.</summary>
    /// <param name="folder">The folder of the files.</param>
    /// <param name="preprocessing">The settings that the pixels depend on.</param>
    /// <param name="maxBytes">The size beyond which nothing is added.</param>
    /// <returns>Null if another process has the file open: that run decodes.</returns>
    /// <exception cref="IOException">The folder cannot be made or written to.</exception>
    public static DecodedImageCache? Open(string folder, ImagePreprocessing preprocessing, long maxBytes = long.MaxValue)
    {
        string settings =
            $"MLNetExtensions images {Format}: {preprocessing.CanvasWidth} x {preprocessing.CanvasHeight}, {preprocessing.ResizeMode}, "
            + $"{preprocessing.Interpolation}{(preprocessing.ChannelCount == 3 ? "" : $", {preprocessing.ChannelCount} channels")}, "
            + $"Skia {SkiaSharpVersion.Native}";
        string path = System.IO.Path.Combine(
            folder,
            $"images-{preprocessing.CanvasWidth}x{preprocessing.CanvasHeight}-{NameOf(settings)}.cache"
        );
        return TryOpen(path) is { } file
            ? new DecodedImageCache(
                path,
                file,
                settings,
                preprocessing.ChannelCount * preprocessing.CanvasWidth * preprocessing.CanvasHeight,
                maxBytes
            )
            : null;
    }
}
