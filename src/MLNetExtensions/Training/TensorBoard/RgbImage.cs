using SkiaSharp;

namespace MLNetExtensions.Training.TensorBoard;

/// <summary>An image to be drawn on and encoded: [height, width] pixels of R, G, B, A, opaque.</summary>
internal sealed unsafe class RgbImage
{
    private readonly uint[] _pixels;

    /// <summary>Makes an image of one color.</summary>
    public RgbImage(int width, int height, uint color)
    {
        (Width, Height) = (width, height);
        _pixels = new uint[checked(width * height)];
        Array.Fill(_pixels, color);
    }

    public int Width { get; }

    public int Height { get; }

    /// <summary>A color as the pixels hold it.</summary>
    public static uint Rgb(byte red, byte green, byte blue) => red | ((uint)green << 8) | ((uint)blue << 16) | 0xFF00_0000;

    public uint this[int x, int y]
    {
        get => _pixels[(y * Width) + x];
        set => _pixels[(y * Width) + x] = value;
    }

    public void FillRectangle(int left, int top, int width, int height, uint color)
    {
        for (int y = top; y < top + height; y++)
            _pixels.AsSpan((y * Width) + left, width).Fill(color);
    }

    public byte[] ToPng()
    {
        fixed (uint* address = _pixels)
        {
            var info = new SKImageInfo(Width, Height, SKColorType.Rgba8888, SKAlphaType.Opaque);
            using var pixmap = new SKPixmap(info, (nint)address, info.RowBytes);
            using SKData data =
                pixmap.Encode(SKEncodedImageFormat.Png, 100)
                ?? throw new InvalidOperationException($"Skia could not encode a PNG of {Width} x {Height} pixels.");
            return data.ToArray();
        }
    }
}
