using MLNetExtensions.Imaging.Pixels;

namespace MLNetExtensions.Imaging.Resampling;

/// <summary>
/// Resizes images to canvases with Pillow's antialiased filters, on the rectangles that torchvision's Resize and CenterCrop use. Not
/// thread-safe.
/// </summary>
/// <param name="width">The canvas's width.</param>
/// <param name="height">The canvas's height.</param>
/// <param name="mode">The way an image of another shape is brought to the canvas.</param>
/// <param name="filter">The kernel.</param>
internal sealed class CanvasResampler(int width, int height, ImageResizeMode mode, ResamplingFilter filter)
{
    private readonly SeparableResampler _resampler = new();
    private readonly ScratchBuffer _resized = new();

    /// <summary>The filter of an interpolation; null for ML.NET's own.</summary>
    public static ResamplingFilter? FilterOf(ImageInterpolation interpolation) =>
        interpolation switch
        {
            ImageInterpolation.Bilinear => ResamplingFilter.Bilinear,
            ImageInterpolation.Bicubic => ResamplingFilter.Bicubic,
            _ => null,
        };

    /// <summary>Writes a canvas.</summary>
    /// <param name="planes">[channels, imageHeight, imageWidth].</param>
    /// <param name="imageWidth">The image's width.</param>
    /// <param name="imageHeight">The image's height.</param>
    /// <param name="canvas">[channels, height, width].</param>
    public void Run(ReadOnlySpan<byte> planes, int imageWidth, int imageHeight, Span<byte> canvas)
    {
        if (mode == ImageResizeMode.Stretch)
        {
            Resize(planes, imageWidth, imageHeight, new Side(width, 0, width), new Side(height, 0, height), canvas);
            return;
        }
        double x = (double)width / imageWidth,
            y = (double)height / imageHeight;
        if (mode == ImageResizeMode.CropCenter)
        {
            double scale = Math.Max(x, y);
            Resize(planes, imageWidth, imageHeight, Crop(imageWidth, x, scale, width), Crop(imageHeight, y, scale, height), canvas);
            return;
        }
        int channels = canvas.Length / (width * height);
        double fit = Math.Min(x, y);
        (int right, int bottom) = (Scaled(imageWidth, x, fit, width), Scaled(imageHeight, y, fit, height));
        Span<byte> resized = _resized.Reserve(channels * right * bottom);
        Resize(planes, imageWidth, imageHeight, new Side(right, 0, right), new Side(bottom, 0, bottom), resized);
        canvas.Clear();
        (int left, int top) = ((width - right) / 2, (height - bottom) / 2);
        for (int row = 0; row < channels * bottom; row++)
            resized.Slice(row * right, right).CopyTo(canvas[((((row / bottom * height) + top + (row % bottom)) * width) + left)..]);
    }

    /// <summary>The length of a side after resizing; the side that decides has exactly the canvas's.</summary>
    private static int Scaled(int side, double own, double scale, int canvas) => own == scale ? canvas : Math.Max(1, (int)(side * scale));

    private static Side Crop(int side, double own, double scale, int canvas)
    {
        int resized = Math.Max(canvas, Scaled(side, own, scale, canvas));
        return new Side(resized, (int)Math.Round((resized - canvas) / 2.0), canvas);
    }

    private void Resize(ReadOnlySpan<byte> planes, int imageWidth, int imageHeight, Side x, Side y, Span<byte> target)
    {
        Set(_resampler.X, x, imageWidth);
        Set(_resampler.Y, y, imageHeight);
        _resampler.Run(planes, imageWidth, imageHeight, target);
    }

    private void Set(AxisWeights weights, Side side, int image)
    {
        double step = (double)image / side.Resized;
        weights.Set(side.First * step, (side.First + side.Count) * step, side.Count, 0, image, filter);
    }

    /// <summary>One side of an image: the length it is resized to, and which of those pixels are kept.</summary>
    private readonly record struct Side(int Resized, int First, int Count);
}
