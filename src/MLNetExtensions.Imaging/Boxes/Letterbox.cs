namespace MLNetExtensions.Imaging.Boxes;

/// <summary>
/// The rectangle of a canvas that an image fills when it is resized with its aspect kept: whole pixels, where ML.NET's ResizeImages, and so
/// <see cref="Decoding.ImageDecoder"/>, draw it. Boxes of the image go to the canvas by <see cref="Place"/> and come back by
/// <see cref="Restore"/>.
/// </summary>
/// <remarks>
/// With <see cref="ImageInterpolation.Bilinear"/> and <see cref="ImageInterpolation.Bicubic"/> the decoder may draw a pixel farther down or
/// right: it halves what is left over after rounding, ML.NET before.
/// </remarks>
/// <param name="SourceWidth">The image's width.</param>
/// <param name="SourceHeight">The image's height.</param>
/// <param name="Left">The rectangle's first column; negative where the image covers the canvas.</param>
/// <param name="Top">The rectangle's first row.</param>
/// <param name="Width">The rectangle's width; 0 where the image is too thin to leave a pixel.</param>
/// <param name="Height">The rectangle's height; 0 likewise.</param>
internal readonly record struct Letterbox(int SourceWidth, int SourceHeight, int Left, int Top, int Width, int Height)
{
    /// <summary>The factor from the image's columns to the canvas's.</summary>
    public double ScaleX => (double)Math.Max(Width, 1) / SourceWidth;

    /// <summary>The factor from the image's rows to the canvas's.</summary>
    public double ScaleY => (double)Math.Max(Height, 1) / SourceHeight;

    /// <summary>The rectangle of an image.</summary>
    /// <param name="sourceWidth">The image's width.</param>
    /// <param name="sourceHeight">The image's height.</param>
    /// <param name="width">The canvas's width.</param>
    /// <param name="height">The canvas's height.</param>
    /// <param name="mode">The way to the canvas's shape. The default is <see cref="ImageResizeMode.Pad"/>, the letterbox.</param>
    public static Letterbox Of(int sourceWidth, int sourceHeight, int width, int height, ImageResizeMode mode = ImageResizeMode.Pad)
    {
        if (mode == ImageResizeMode.Stretch)
            return new Letterbox(sourceWidth, sourceHeight, 0, 0, width, height);
        // ML.NET's arithmetic, float rounding and truncation included: of a long, thin image it draws nothing.
        float widthAspect = (float)width / sourceWidth,
            heightAspect = (float)height / sourceHeight;
        bool byHeight = heightAspect < widthAspect == (mode == ImageResizeMode.Pad);
        float aspect = byHeight ? heightAspect : widthAspect;
        return new Letterbox(
            sourceWidth,
            sourceHeight,
            byHeight ? (int)((width - (sourceWidth * aspect)) / 2) : 0,
            byHeight ? 0 : (int)((height - (sourceHeight * aspect)) / 2),
            (int)(sourceWidth * aspect),
            (int)(sourceHeight * aspect)
        );
    }

    /// <summary>A box of the image on the canvas.</summary>
    public ImageBox Place(in ImageBox box) =>
        box with
        {
            Left = (float)(Left + (box.Left * ScaleX)),
            Top = (float)(Top + (box.Top * ScaleY)),
            Right = (float)(Left + (box.Right * ScaleX)),
            Bottom = (float)(Top + (box.Bottom * ScaleY)),
        };

    /// <summary>A box of the canvas in the image, cut at the image's edge.</summary>
    public ImageBox Restore(in ImageBox box) =>
        box with
        {
            Left = (float)Math.Clamp((box.Left - Left) / ScaleX, 0, SourceWidth),
            Top = (float)Math.Clamp((box.Top - Top) / ScaleY, 0, SourceHeight),
            Right = (float)Math.Clamp((box.Right - Left) / ScaleX, 0, SourceWidth),
            Bottom = (float)Math.Clamp((box.Bottom - Top) / ScaleY, 0, SourceHeight),
        };

    /// <summary>A mask of the image on the canvas: of each of its pixels, the nearest one of the image.</summary>
    /// <param name="mask">[SourceHeight, SourceWidth].</param>
    /// <param name="canvasWidth">The canvas's width.</param>
    /// <param name="beyond">The value beyond the image.</param>
    /// <param name="canvas">[canvasHeight, canvasWidth].</param>
    public void PlaceMask(ReadOnlySpan<byte> mask, int canvasWidth, byte beyond, Span<byte> canvas)
    {
        for (int y = 0; y < canvas.Length / canvasWidth; y++)
        {
            Span<byte> row = canvas.Slice(y * canvasWidth, canvasWidth);
            if (y < Top || y >= Top + Height)
            {
                row.Fill(beyond);
                continue;
            }
            ReadOnlySpan<byte> source = mask.Slice(Nearest(y - Top, ScaleY, SourceHeight) * SourceWidth, SourceWidth);
            for (int x = 0; x < row.Length; x++)
                row[x] = x < Left || x >= Left + Width ? beyond : source[Nearest(x - Left, ScaleX, SourceWidth)];
        }
    }

    /// <summary>A mask of the canvas in the image: of each of its pixels, the nearest one of the canvas.</summary>
    /// <param name="canvas">[canvasHeight, canvasWidth].</param>
    /// <param name="canvasWidth">The canvas's width.</param>
    /// <param name="mask">[SourceHeight, SourceWidth].</param>
    public void RestoreMask(ReadOnlySpan<byte> canvas, int canvasWidth, Span<byte> mask)
    {
        int canvasHeight = canvas.Length / canvasWidth;
        for (int y = 0; y < SourceHeight; y++)
        {
            int row = Math.Clamp(Top + Nearest(y, 1 / ScaleY, Math.Max(Height, 1)), 0, canvasHeight - 1);
            ReadOnlySpan<byte> source = canvas.Slice(row * canvasWidth, canvasWidth);
            for (int x = 0; x < SourceWidth; x++)
                mask[(y * SourceWidth) + x] = source[Math.Clamp(Left + Nearest(x, 1 / ScaleX, Math.Max(Width, 1)), 0, canvasWidth - 1)];
        }
    }

    // The source pixel whose center is nearest to that of a target pixel.
    private static int Nearest(int target, double scale, int count) => Math.Clamp((int)((target + 0.5) / scale), 0, count - 1);
}
