using MLNetExtensions.Imaging.Files;
using SkiaSharp;

namespace MLNetExtensions.Imaging.Decoding;

/// <summary>
/// A decoded image: bytes [channels, height, width], red, green and blue; gray alone; or red, green, blue and alpha, colors not multiplied
/// by it. Immutable; holds no native memory.
/// </summary>
/// <example><code>
/// RasterImage photo = RasterImage.Load("photo.jpg");
/// Augment.Standard().Apply(photo, seed: 1).Save("augmented.png");
/// </code></example>
public sealed class RasterImage
{
    private readonly byte[] _planes;

    /// <summary>Makes an image of pixels, which are copied.</summary>
    /// <param name="width">Its width in pixels.</param>
    /// <param name="height">Its height in pixels.</param>
    /// <param name="channels">1 for gray; 3 for red, green and blue; 4 for those and alpha.</param>
    /// <param name="planes">[channels, height, width], 0 to 255.</param>
    /// <exception cref="ArgumentOutOfRangeException">A side is not positive, or there are no images of so many channels.</exception>
    /// <exception cref="ArgumentException"><paramref name="planes"/> are not channels * height * width bytes.</exception>
    public RasterImage(int width, int height, int channels, ReadOnlySpan<byte> planes)
        : this(Checked(width, height, CheckedChannels(channels), planes).ToArray(), width, height, channels) { }

    // Without a copy: the bytes are this image's from now on. (Arrays come first, as the other constructor takes them too.)
    internal RasterImage(byte[] planes, int width, int height, int channels) =>
        (Width, Height, Channels, _planes) = (width, height, channels, planes);

    /// <summary>The width in pixels.</summary>
    public int Width { get; }

    /// <summary>The height in pixels.</summary>
    public int Height { get; }

    /// <summary>The number of channels: 1 (gray), 3 (red, green, blue) or 4 (and alpha).</summary>
    public int Channels { get; }

    /// <summary>[Channels, Height, Width], 0 to 255: channel after channel, each row by row from the top.</summary>
    public ReadOnlySpan<byte> Planes => _planes;

    /// <summary>Reads an image file in its own size, turned upright as its EXIF data say.</summary>
    /// <param name="path">JPEG, PNG, GIF, BMP or WebP; of an animation the first frame.</param>
    /// <param name="channels">1 for gray, 3 for red, green and blue (over black where the file has alpha), 4 for those and alpha. The
    /// default is 3.</param>
    /// <exception cref="InvalidImageException">The file is missing, has over 100 million pixels, or cannot be decoded in full; the message
    /// names it.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There are no images of so many channels.</exception>
    public static RasterImage Load(string path, int channels = 3)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var decoder = new PixelDecoder();
        return WholeImage.Decode(decoder, decoder.ReadFile(path, row: -1), path, CheckedChannels(channels));
    }

    /// <summary>Decodes the bytes of an image file in its own size, turned upright as its EXIF data say.</summary>
    /// <param name="encoded">JPEG, PNG, GIF, BMP or WebP; of an animation the first frame.</param>
    /// <param name="channels">1 for gray, 3 for red, green and blue (over black where the file has alpha), 4 for those and alpha. The
    /// default is 3.</param>
    /// <exception cref="InvalidImageException">The bytes are no image, have over 100 million pixels, or cannot be decoded in
    /// full.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There are no images of so many channels.</exception>
    public static RasterImage Decode(ReadOnlySpan<byte> encoded, int channels = 3) =>
        WholeImage.Decode(new PixelDecoder(), encoded, path: null, CheckedChannels(channels));

    /// <summary>
    /// Reads an image file as training does, turned upright and resized: what
    /// <see cref="Augmentations.Augmentation.Apply(RasterImage, ImagePreprocessing, int, long, long)"/> takes. For
    /// <see cref="ImageResizeMode.CropCenter"/> it is larger than the network's input by <see cref="ImagePreprocessing.CropFraction"/>: the
    /// crop comes last.
    /// </summary>
    /// <param name="path">JPEG, PNG, GIF, BMP or WebP; of an animation the first frame.</param>
    /// <param name="preprocessing">Says the size, how images get there, and the channels.</param>
    /// <exception cref="InvalidImageException">The file is missing, has over 100 million pixels, or cannot be decoded in full; the message
    /// names it.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A value of the preprocessing is out of range.</exception>
    public static RasterImage Load(string path, ImagePreprocessing preprocessing)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(preprocessing);
        using var decoder = new ImageDecoder(preprocessing);
        var planes = new byte[decoder.CanvasBytes];
        decoder.DecodeFile(path, planes);
        return new RasterImage(planes, decoder.CanvasWidth, decoder.CanvasHeight, decoder.Channels);
    }

    /// <summary>Decodes the bytes of an image file as training does; see <see cref="Load(string, ImagePreprocessing)"/>.</summary>
    /// <param name="encoded">JPEG, PNG, GIF, BMP or WebP; of an animation the first frame.</param>
    /// <param name="preprocessing">Says the size, how images get there, and the channels.</param>
    /// <exception cref="InvalidImageException">The bytes are no image, have over 100 million pixels, or cannot be decoded in
    /// full.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A value of the preprocessing is out of range.</exception>
    public static RasterImage Decode(ReadOnlySpan<byte> encoded, ImagePreprocessing preprocessing)
    {
        ArgumentNullException.ThrowIfNull(preprocessing);
        using var decoder = new ImageDecoder(preprocessing);
        var planes = new byte[decoder.CanvasBytes];
        decoder.DecodeBytes(encoded, planes);
        return new RasterImage(planes, decoder.CanvasWidth, decoder.CanvasHeight, decoder.Channels);
    }

    /// <summary>
    /// Makes a network's input of the image: <c>(value * Scale - Mean[channel]) / StandardDeviation[channel]</c>, in the network's order of
    /// channels and layout.
    /// </summary>
    /// <param name="preprocessing">The arithmetic, and the size: an image of <see cref="Load(string, ImagePreprocessing)"/> is cropped at
    /// its center to it, one of its size is taken whole.</param>
    /// <returns>[Channels, Height, Width], or [Height, Width, Channels] for <see cref="ImagePreprocessing.ChannelsLast"/>.</returns>
    /// <exception cref="ArgumentException">The image has another size or other channels than the network takes.</exception>
    public float[] ToTensor(ImagePreprocessing preprocessing)
    {
        ArgumentNullException.ThrowIfNull(preprocessing);
        return InputTensor.Of(this, preprocessing);
    }

    /// <summary>Writes the image to a file; one that is there is replaced.</summary>
    /// <param name="path">The file; its extension says the format: .png, .jpg, .jpeg or .webp.</param>
    /// <param name="quality">1 to 100, for JPEG and WebP. The default is 90.</param>
    /// <exception cref="ArgumentException">The extension is another, or the image has alpha, which JPEG has not.</exception>
    /// <exception cref="IOException">The file cannot be written; what was there is as it was.</exception>
    /// <exception cref="UnauthorizedAccessException">This process may not write there.</exception>
    public void Save(string path, int quality = 90)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ImageFileFormat format = Path.GetExtension(path).ToLowerInvariant() switch
        {
            ".png" => ImageFileFormat.Png,
            ".jpg" or ".jpeg" => ImageFileFormat.Jpeg,
            ".webp" => ImageFileFormat.WebP,
            var other => throw new ArgumentException(
                $"'{path}': images are written as .png, .jpg, .jpeg or .webp, not as '{other}'.",
                nameof(path)
            ),
        };
        TemporaryFile.Write(path, Encode(format, quality));
    }

    /// <summary>Encodes the image as the bytes of a file.</summary>
    /// <param name="format">The kind of file.</param>
    /// <param name="quality">1 to 100, for JPEG and WebP. The default is 90.</param>
    /// <exception cref="ArgumentOutOfRangeException">The quality or the format is out of range.</exception>
    /// <exception cref="ArgumentException">The image has alpha, which JPEG has not.</exception>
    public byte[] Encode(ImageFileFormat format, int quality = 90)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(quality, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(quality, 100);
        if (format == ImageFileFormat.Jpeg && Channels == 4)
            throw new ArgumentException(
                "The image has alpha, which JPEG has not: write PNG or WebP, or read it with 3 channels.",
                nameof(format)
            );
        using SKData data = ImageEncoder.Encode(
            _planes,
            Width,
            Height,
            format switch
            {
                ImageFileFormat.Png => SKEncodedImageFormat.Png,
                ImageFileFormat.Jpeg => SKEncodedImageFormat.Jpeg,
                ImageFileFormat.WebP => SKEncodedImageFormat.Webp,
                _ => throw new ArgumentOutOfRangeException(nameof(format), format, "There is no such format of image files."),
            },
            quality
        );
        return data.ToArray();
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Width} x {Height} pixels, {Channels} channel{(Channels == 1 ? "" : "s")}";

    private static int CheckedChannels(int channels) =>
        channels is 1 or 3 or 4
            ? channels
            : throw new ArgumentOutOfRangeException(
                nameof(channels),
                channels,
                "Images have 1 channel (gray), 3 (red, green, blue) or 4 (and alpha)."
            );

    private static ReadOnlySpan<byte> Checked(int width, int height, int channels, ReadOnlySpan<byte> planes)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(height);
        long expected = (long)width * height * channels;
        return planes.Length == expected
            ? planes
            : throw new ArgumentException(
                $"{width} x {height} pixels of {channels} channels are {expected} bytes, not {planes.Length}.",
                nameof(planes)
            );
    }
}
