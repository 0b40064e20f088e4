using System.Numerics.Tensors;
using Microsoft.ML.Data;
using MLNetExtensions.Explanation.Networks;
using MLNetExtensions.Onnx.Files;
using SkiaSharp;

namespace MLNetExtensions.Explanation;

/// <summary>How much each pixel of an image contributes to an output of a network; the image is the resized one that the model takes.</summary>
public sealed class Heatmap
{
    private readonly byte[] _canvas;

    internal Heatmap(int width, int height, float[] values, byte[] canvas)
    {
        (Width, Height, Values, _canvas) = (width, height, values, canvas);
    }

    /// <summary>The width in pixels.</summary>
    public int Width { get; }

    /// <summary>The height in pixels.</summary>
    public int Height { get; }

    /// <summary>
    /// The values, row by row: what the method computes. Grad-CAM and its relatives, saliency and SmoothGrad have none below 0; of the
    /// others, places with values below 0 speak against the class.
    /// </summary>
    public IReadOnlyList<float> Values { get; }

    /// <summary>True if no value is above 0: the method found nothing that speaks for the class.</summary>
    public bool IsEmpty => TensorPrimitives.Max<float>((float[])Values) <= 0;

    /// <summary>
    /// The values above 0 as fractions: less the smallest, divided by the largest (plus 1e-7), so 0 to 1. Values below 0 are 0.
    /// </summary>
    public float[] Normalize() => Normalize((float[])Values);

    /// <summary>Lays the map over the image: yellow to red where it is high, clear where it is 0.</summary>
    /// <param name="opacity">How much of the image the largest values cover, 0 to 1.</param>
    /// <returns>An image of the map's size, 32 bits a pixel; dispose it.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The opacity is not 0 to 1.</exception>
    public MLImage ToOverlay(float opacity = 0.5f)
    {
        if (!(opacity is >= 0 and <= 1))
            throw new ArgumentOutOfRangeException(nameof(opacity), opacity, "Expected a fraction, 0 to 1.");
        return MLImage.CreateFromPixels(Width, Height, MLPixelFormat.Rgba32, HeatColors.Overlay(_canvas, Normalize(), opacity));
    }

    /// <summary>Writes the map, laid over the image, as a PNG file.</summary>
    /// <param name="path">The file; it is replaced.</param>
    /// <param name="opacity">How much of the image the largest values cover, 0 to 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">The opacity is not 0 to 1.</exception>
    public void Save(string path, float opacity = 0.5f)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        using MLImage overlay = ToOverlay(opacity);
        using SKImage image = SKImage.FromPixelCopy(
            new SKImageInfo(Width, Height, SKColorType.Rgba8888, SKAlphaType.Opaque),
            overlay.Pixels.ToArray()
        );
        using SKData png = image.Encode(SKEncodedImageFormat.Png, 100);
        TemporaryFile.Write(path, png.ToArray());
    }

    internal static float[] Normalize(float[] values)
    {
        float[] positive = [.. values.Select(value => Math.Max(value, 0))];
        float smallest = TensorPrimitives.Min<float>(positive);
        TensorPrimitives.Subtract(positive, smallest, positive);
        TensorPrimitives.Divide(positive, TensorPrimitives.Max<float>(positive) + 1e-7f, positive);
        return positive;
    }
}
