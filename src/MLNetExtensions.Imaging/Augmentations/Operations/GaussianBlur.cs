using MLNetExtensions.Imaging.Augmentations.Engine;
using MLNetExtensions.Imaging.Resampling;

namespace MLNetExtensions.Imaging.Augmentations.Operations;

/// <summary>
/// Blurs with a Gaussian, as Pillow approximates it: three boxes of fractional width (Gwosdek et al., Theoretical Foundations of Gaussian
/// Convolution by Extended Box Filtering, 2011). The edge is repeated beyond the image.
/// </summary>
public sealed record GaussianBlur : Augmentation, IPixelOperation
{
    private const int Passes = 3;

    /// <summary>The smallest standard deviation in pixels.</summary>
    /// <value>The default is 0.1.</value>
    public float MinSigma { get; init; } = 0.1f;

    /// <summary>The largest standard deviation in pixels.</summary>
    /// <value>The default is 2.</value>
    public float MaxSigma { get; init; } = 2;

    internal override void Check(SettingChecks checks)
    {
        checks.InRange(MinSigma, 0.01f, 100);
        checks.InRange(MaxSigma, 0.01f, 100);
        checks.Ordered(MinSigma, MaxSigma);
    }

    internal override void Draw(DrawKey key, AugmentationPlan plan) => plan.Add(this, key, key.Open().Uniform(MinSigma, MaxSigma));

    void IPixelOperation.Apply(in DrawnValues values, DrawKey key, WorkingImage image) => Apply(image, values[0]);

    private static unsafe void Apply(WorkingImage image, float sigma)
    {
        int radius = WholeRadius(sigma) + 1;
        Span<short> weights = stackalloc short[(2 * radius) + 1];
        Box(sigma, weights);
        (int width, int height) = (image.Width, image.Height);
        int padded = (Math.Max(width, height) + (2 * radius)) * Math.Max(width, height);
        Span<byte> memory = image.Scratch.Reserve(padded + (width * height));
        fixed (
            byte* pixels = image.Pixels,
                pad = memory
        )
        {
            byte* turned = pad + padded;
            for (int channel = 0; channel < image.Channels; channel++)
            {
                byte* plane = pixels + (channel * width * height);
                Columns(plane, width, height, pad, radius, weights);
                PlaneTranspose.Run(plane, width, width, height, turned, height);
                Columns(turned, height, width, pad, radius, weights);
                PlaneTranspose.Run(turned, height, height, width, plane, width);
            }
        }
    }

    private static unsafe void Columns(byte* plane, int width, int height, byte* padded, int radius, ReadOnlySpan<short> weights)
    {
        for (int pass = 0; pass < Passes; pass++)
        {
            for (int row = -radius; row < height + radius; row++)
                new ReadOnlySpan<byte>(plane + (Math.Clamp(row, 0, height - 1) * width), width).CopyTo(
                    new Span<byte>(padded + ((row + radius) * width), width)
                );
            for (int row = 0; row < height; row++)
                WeightedRows.Sum(padded + (row * width), width, weights, plane + (row * width), width);
        }
    }

    /// <summary>One box: whole pixels, and a fraction of one at either end.</summary>
    private static void Box(double sigma, Span<short> weights)
    {
        double variance = sigma * sigma / Passes;
        int whole = WholeRadius(sigma);
        double edge = ((2 * whole) + 1) * ((whole * (whole + 1)) - (3 * variance)) / (6 * (variance - ((whole + 1) * (whole + 1))));
        double norm = 1 / ((2 * (whole + edge)) + 1);
        weights.Fill((short)Math.Round(norm * AxisWeights.One));
        weights[0] = weights[^1] = (short)Math.Round(edge * norm * AxisWeights.One);
        int sum = 0;
        foreach (short weight in weights)
            sum += weight;
        weights[weights.Length / 2] += (short)(AxisWeights.One - sum);
    }

    private static int WholeRadius(double sigma) => (int)Math.Floor((Math.Sqrt((12 * sigma * sigma / Passes) + 1) - 1) / 2);
}
