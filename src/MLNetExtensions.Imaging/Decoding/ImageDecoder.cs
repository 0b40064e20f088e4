using System.Collections.Concurrent;
using MLNetExtensions.Imaging.Pixels;

namespace MLNetExtensions.Imaging.Decoding;

/// <summary>
/// Images to planar bytes [channels, CanvasHeight, CanvasWidth], RGB, RGBA or gray, value for value what ML.NET's ResizeImages and
/// ExtractPixels give (unless the preprocessing asks for another interpolation), so that training and a saved standard pipeline see the
/// same pixels. Files and encoded bytes are turned upright first (EXIF). Thread-safe.
/// </summary>
internal sealed class ImageDecoder : IDisposable
{
    /// <summary>The most pixels an image may have: decoded, that is 400 MB.</summary>
    public const long DefaultMaxPixels = PixelDecoder.DefaultMaxPixels;

    private readonly ConcurrentBag<DecodeWorkspace> _workspaces = [];
    private readonly Lock _largeImages = new();
    private readonly ImagePreprocessing _preprocessing;
    private readonly long _maxPixels;
    private readonly bool _upright;
    private int _turned;
    private volatile bool _disposed;

    /// <param name="preprocessing">Says the canvas and how images are resized to it.</param>
    /// <param name="maxPixels">Images with more are bad; read from their header, before anything is decoded.</param>
    /// <param name="cache">The cache of images that earlier runs decoded; the caller keeps it.</param>
    /// <param name="upright">True if files and encoded bytes are turned upright; ML.NET's LoadImages does not.</param>
    /// <exception cref="ArgumentOutOfRangeException">The preprocessing is out of range.</exception>
    public ImageDecoder(
        ImagePreprocessing preprocessing,
        long maxPixels = DefaultMaxPixels,
        DecodedImageCache? cache = null,
        bool upright = true
    )
    {
        PreprocessingCheck.Throw(preprocessing);
        _preprocessing = preprocessing;
        _maxPixels = maxPixels;
        Cache = cache;
        _upright = upright;
        CanvasWidth = preprocessing.CanvasWidth;
        CanvasHeight = preprocessing.CanvasHeight;
        Channels = preprocessing.ChannelCount;
        CanvasBytes = Channels * CanvasWidth * CanvasHeight;
        InputBytes = Channels * preprocessing.Width * preprocessing.Height;
    }

    /// <summary>The width of what is decoded.</summary>
    public int CanvasWidth { get; }

    /// <summary>The height of what is decoded.</summary>
    public int CanvasHeight { get; }

    /// <summary>The number of planes of what is decoded: 1 (gray), 3 (red, green, blue) or 4 (and alpha).</summary>
    public int Channels { get; }

    /// <summary>The size of a decoded image: Channels * CanvasHeight * CanvasWidth.</summary>
    public int CanvasBytes { get; }

    /// <summary>The size of an image after the center crop: Channels * Height * Width.</summary>
    public int InputBytes { get; }

    /// <summary>The cache that keeps decoded images for later runs; null without one.</summary>
    public DecodedImageCache? Cache { get; }

    /// <summary>The number of times that an image was turned upright; those from a cache are not counted.</summary>
    public int TurnedImages => Volatile.Read(ref _turned);

    /// <summary>Decodes a file.</summary>
    /// <param name="path">The image file.</param>
    /// <param name="planes">Receives the canvas's planes, <see cref="CanvasBytes"/> long.</param>
    /// <param name="row">The row to name in errors.</param>
    /// <returns>The image's size as it was, and its key in the cache.</returns>
    /// <exception cref="InvalidImageException">The file is missing or cannot be decoded in full.</exception>
    public DecodedImage DecodeFile(string path, Span<byte> planes, long row = -1)
    {
        if (string.IsNullOrEmpty(path))
            throw new InvalidImageException(row, null, "its path is empty");
        DecodeWorkspace workspace = Rent();
        try
        {
            return Decode(workspace, workspace.ReadFile(path, row), path, Canvas(planes), row);
        }
        finally
        {
            Return(workspace);
        }
    }

    /// <summary>Decodes the bytes of an image file.</summary>
    /// <param name="encoded">JPEG, PNG, GIF, BMP or WebP; of an animation the first frame.</param>
    /// <param name="planes">Receives the canvas's planes, <see cref="CanvasBytes"/> long.</param>
    /// <param name="row">The row to name in errors.</param>
    /// <returns>The image's size as it was, and its key in the cache.</returns>
    /// <exception cref="InvalidImageException">The bytes cannot be decoded in full.</exception>
    public DecodedImage DecodeBytes(ReadOnlySpan<byte> encoded, Span<byte> planes, long row = -1)
    {
        DecodeWorkspace workspace = Rent();
        try
        {
            return Decode(workspace, encoded, null, Canvas(planes), row);
        }
        finally
        {
            Return(workspace);
        }
    }

    /// <summary>Resizes an image that is decoded already.</summary>
    /// <param name="pixels">Its pixels, premultiplied by alpha.</param>
    /// <param name="size">Its size.</param>
    /// <param name="isBgra">True if blue comes first, not red.</param>
    /// <param name="planes">Receives the canvas's planes, <see cref="CanvasBytes"/> long.</param>
    public void Resize(ReadOnlySpan<byte> pixels, ImageSize size, bool isBgra, Span<byte> planes)
    {
        DecodeWorkspace workspace = Rent();
        try
        {
            workspace.Draw(pixels, size, isBgra, Canvas(planes));
        }
        finally
        {
            Return(workspace);
        }
    }

    /// <summary>Cuts the network's input out of the middle of a canvas.</summary>
    /// <param name="canvas">[Channels, CanvasHeight, CanvasWidth].</param>
    /// <param name="target">[Channels, Height, Width].</param>
    public void CropCenter(ReadOnlySpan<byte> canvas, Span<byte> target) =>
        PlanarPixels.Crop(
            canvas[..CanvasBytes],
            CanvasWidth,
            _preprocessing.CropLeft,
            _preprocessing.CropTop,
            target[..InputBytes],
            _preprocessing.Width,
            _preprocessing.Height
        );

    /// <summary>Frees the native drawing surfaces; those of what is being decoded at its end.</summary>
    public void Dispose()
    {
        _disposed = true;
        Drain();
    }

    private void Return(DecodeWorkspace workspace)
    {
        _workspaces.Add(workspace);
        if (_disposed)
            Drain();
    }

    private void Drain()
    {
        while (_workspaces.TryTake(out DecodeWorkspace? workspace))
            workspace.Dispose();
    }

    private DecodedImage Decode(DecodeWorkspace workspace, ReadOnlySpan<byte> encoded, string? path, Span<byte> canvas, long row)
    {
        DecodedImageCache.Key? key = Cache is null ? null : DecodedImageCache.KeyOf(encoded);
        if (key is { } known && Cache!.TryRead(known, canvas))
            return new DecodedImage(default, key);
        ImageSize size = workspace.Decode(encoded, _maxPixels, _largeImages, row, path, canvas);
        if (workspace.IsTurned)
            Interlocked.Increment(ref _turned);
        if (key is { } added)
            Cache!.Add(added, canvas);
        return new DecodedImage(size, key);
    }

    private DecodeWorkspace Rent() =>
        _workspaces.TryTake(out DecodeWorkspace? workspace) ? workspace : new DecodeWorkspace(_preprocessing, _upright);

    private Span<byte> Canvas(Span<byte> planes) => planes[..CanvasBytes];
}
