using MLNetExtensions.Data;

namespace MLNetExtensions.Augmentations.Engine;

/// <summary>
/// Resamples planar pixels under any affine or projective map: bilinear, and where the picture gets smaller the mean of several samples a pixel, so
/// that nothing aliases.
/// </summary>
internal static unsafe class ProjectiveResampler
{
    // More samples than this a side cost more than they show.
    private const int MaxSamples = 8;

    /// <param name="geometry">The map, the window and its border.</param>
    /// <param name="source">[3, SourceHeight, SourceWidth].</param>
    /// <param name="target">[3, Height, Width].</param>
    /// <param name="scratch">Memory for the sums of a row.</param>
    public static void Run(in Geometry geometry, ReadOnlySpan<byte> source, Span<byte> target, ScratchBuffer scratch)
    {
        int samples = SamplesPerSide(geometry);
        Span<byte> memory = scratch.Reserve(3 * geometry.Width * sizeof(int));
        memory.Clear();
        fixed (byte* from = source, to = target, sums = memory)
        {
            var sampler = new BilinearSampler(geometry, from);
            for (int y = 0; y < geometry.Height; y++)
            {
                for (int i = 0; i < samples; i++)
                    for (int j = 0; j < samples; j++)
                        AddRow(geometry, sampler, (j + 0.5) / samples, y + ((i + 0.5) / samples), (int*)sums);
                BilinearSampler.Store((int*)sums, samples * samples, to + (y * geometry.Width), geometry.Width, geometry.Width * geometry.Height);
            }
        }
    }

    private static void AddRow(in Geometry geometry, in BilinearSampler sampler, double offset, double y, int* sums)
    {
        if (geometry.Map.IsAffine)
        {
            (double startX, double startY) = geometry.Map.Map(offset, y);
            long sourceX = BilinearSampler.Fixed(startX), sourceY = BilinearSampler.Fixed(startY);
            long stepX = BilinearSampler.Fixed(geometry.Map.Xx), stepY = BilinearSampler.Fixed(geometry.Map.Yx);
            for (int x = 0; x < geometry.Width; x++, sourceX += stepX, sourceY += stepY)
                sampler.Add(sourceX, sourceY, sums + x, geometry.Width);
            return;
        }
        for (int x = 0; x < geometry.Width; x++)
        {
            (double sourceX, double sourceY) = geometry.Map.Map(x + offset, y);
            sampler.Add(BilinearSampler.Fixed(sourceX), BilinearSampler.Fixed(sourceY), sums + x, geometry.Width);
        }
    }

    /// <summary>How many samples a side keep them at most a source pixel apart, at the output's centre.</summary>
    private static int SamplesPerSide(in Geometry geometry)
    {
        double x = geometry.Width / 2.0, y = geometry.Height / 2.0;
        (double x0, double y0) = geometry.Map.Map(x, y);
        (double x1, double y1) = geometry.Map.Map(x + 1, y);
        (double x2, double y2) = geometry.Map.Map(x, y + 1);
        double step = Math.Max(double.Hypot(x1 - x0, y1 - y0), double.Hypot(x2 - x0, y2 - y0));
        // Zooming out by an eighth hardly aliases; four times the work for it would be a bad bargain.
        return double.IsFinite(step) ? Math.Clamp((int)Math.Ceiling(step - 0.125), 1, MaxSamples) : 1;
    }
}
