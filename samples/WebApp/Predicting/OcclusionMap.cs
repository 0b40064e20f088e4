using Microsoft.ML.Data;
using MLNetExtensions.Imaging;
using MLNetExtensions.Imaging.Decoding;
using MLNetExtensions.Serving;
using WebAppSample.Images;

namespace WebAppSample.Predicting;

/// <summary>
/// Explains a prediction by hiding one region of the image after the other under gray and asking again (occlusion, arXiv 1311.2901): where
/// the probability falls, the prediction rests. It needs nothing of the network but its answers.
/// </summary>
internal sealed class OcclusionMap(VisionPredictor predictor)
{
    private const int LongSide = 224;
    private const int LongCells = 10;
    private const byte Gray = 128;

    /// <summary>Hides and asks.</summary>
    /// <param name="encoded">The image.</param>
    /// <param name="header">Its header.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <returns>The answer, but for its time.</returns>
    /// <exception cref="InvalidImageException">The image cannot be decoded.</exception>
    public async Task<ExplanationAnswer> ExplainAsync(byte[] encoded, ImageHeader header, CancellationToken cancellation)
    {
        (int width, int height) = Fit(header, LongSide);
        (int columns, int rows) = Fit(header, LongCells);
        RasterImage image = RasterImage.Decode(
            encoded,
            new ImagePreprocessing
            {
                Width = width,
                Height = height,
                ResizeMode = ImageResizeMode.Stretch,
            }
        );
        byte[] pixels = Interleaved(image);
        VisionPrediction whole = await AskAsync(pixels, width, height, cancellation);
        int label = whole.Label is null ? 0 : whole.Labels.ToList().IndexOf(whole.Label);
        float[] drops = await Task.WhenAll(
            Enumerable
                .Range(0, columns * rows)
                .Select(async cell =>
                {
                    byte[] hidden = Hide(pixels, width, height, columns, rows, cell);
                    VisionPrediction without = await AskAsync(hidden, width, height, cancellation);
                    return whole.Scores[label] - without.Scores[label];
                })
        );
        string overlay = Convert.ToBase64String(Draw(drops, columns, rows).Encode(ImageFileFormat.Png));
        return new ExplanationAnswer(whole.Label, whole.Score, columns, rows, drops, $"data:image/png;base64,{overlay}", 0);
    }

    private static (int Width, int Height) Fit(ImageHeader header, int longSide)
    {
        double scale = (double)longSide / Math.Max(header.Width, header.Height);
        return (Math.Max(1, (int)Math.Round(header.Width * scale)), Math.Max(1, (int)Math.Round(header.Height * scale)));
    }

    private async Task<VisionPrediction> AskAsync(byte[] pixels, int width, int height, CancellationToken cancellation)
    {
        using MLImage image = MLImage.CreateFromPixels(width, height, MLPixelFormat.Rgba32, pixels);
        return await predictor.PredictAsync(image, cancellation);
    }

    private static byte[] Interleaved(RasterImage image)
    {
        int plane = image.Width * image.Height;
        ReadOnlySpan<byte> planes = image.Planes;
        var pixels = new byte[4 * plane];
        for (int i = 0; i < plane; i++)
        {
            for (int channel = 0; channel < 3; channel++)
                pixels[4 * i + channel] = planes[channel * plane + i];
            pixels[4 * i + 3] = byte.MaxValue;
        }
        return pixels;
    }

    private static byte[] Hide(byte[] pixels, int width, int height, int columns, int rows, int cell)
    {
        var hidden = (byte[])pixels.Clone();
        (int row, int column) = Math.DivRem(cell, columns);
        (int left, int right) = (column * width / columns, (column + 1) * width / columns);
        for (int y = row * height / rows; y < (row + 1) * height / rows; y++)
        for (int x = left; x < right; x++)
            hidden.AsSpan(4 * (y * width + x), 3).Fill(Gray);
        return hidden;
    }

    /// <summary>A pixel for each region; browsers enlarge it smoothly.</summary>
    private static RasterImage Draw(float[] drops, int columns, int rows)
    {
        float largest = Math.Max(drops.Max(), 1e-6f);
        int plane = columns * rows;
        var planes = new byte[4 * plane];
        for (int i = 0; i < plane; i++)
        {
            float strength = Math.Clamp(drops[i] / largest, 0, 1);
            planes[i] = 230;
            planes[plane + i] = (byte)(150 * (1 - strength));
            planes[2 * plane + i] = 20;
            planes[3 * plane + i] = (byte)(200 * strength);
        }
        return new RasterImage(columns, rows, 4, planes);
    }
}
