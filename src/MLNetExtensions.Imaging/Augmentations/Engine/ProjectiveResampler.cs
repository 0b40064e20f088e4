using MLNetExtensions.Imaging.Pixels;
using MLNetExtensions.Imaging.Resampling;

namespace MLNetExtensions.Imaging.Augmentations.Engine;

/// <summary>
/// Resamples planar pixels under any affine or projective map: bilinear, and where the image gets smaller the mean of several samples a
/// pixel, so that nothing aliases.
/// </summary>
internal static unsafe class ProjectiveResampler
{
    // More samples than this a side cost more than they show.
    private const int MaxSamples = 8;

    /// <param name="geometry">The map, the window and its border.</param>
    /// <param name="source">[channels, SourceHeight, SourceWidth].</param>
    /// <param name="target">[channels, Height, Width].</param>
    /// <param name="channels">1, 3 or 4.</param>
    /// <param name="scratch">Memory for the sums of a row.</param>
    public static void Run(in Geometry geometry, ReadOnlySpan<byte> source, Span<byte> target, int channels, ScratchBuffer scratch)
    {
        if (channels == 3)
            Run<ThreePlanes>(geometry, source, target, scratch);
        else if (channels == 1)
            Run<OnePlane>(geometry, source, target, scratch);
        else
            Run<FourPlanes>(geometry, source, target, scratch);
    }

    private static void Run<TPlanes>(in Geometry geometry, ReadOnlySpan<byte> source, Span<byte> target, ScratchBuffer scratch)
        where TPlanes : struct, IPlaneCount
    {
        int samples = SamplesPerSide(geometry);
        Span<byte> memory = scratch.Reserve(TPlanes.Count * geometry.Width * sizeof(int));
        memory.Clear();
        fixed (
            byte* from = source,
                to = target,
                sums = memory
        )
        {
            var sampler = new BilinearSampler<TPlanes>(geometry, from);
            for (int y = 0; y < geometry.Height; y++)
            {
                for (int i = 0; i < samples; i++)
                for (int j = 0; j < samples; j++)
                    AddRow(geometry, sampler, (j + 0.5) / samples, y + ((i + 0.5) / samples), (int*)sums);
                BilinearSampler<TPlanes>.Store(
                    (int*)sums,
                    samples * samples,
                    to + (y * geometry.Width),
                    geometry.Width,
                    geometry.Width * geometry.Height
                );
            }
        }
    }

    private static void AddRow<TPlanes>(in Geometry geometry, in BilinearSampler<TPlanes> sampler, double offset, double y, int* sums)
        where TPlanes : struct, IPlaneCount
    {
        if (geometry.Map.IsAffine)
        {
            (double startX, double startY) = geometry.Map.Map(offset, y);
            long sourceX = FixedPoint.Of(startX),
                sourceY = FixedPoint.Of(startY);
            long stepX = FixedPoint.Of(geometry.Map.Xx),
                stepY = FixedPoint.Of(geometry.Map.Yx);
            for (int x = 0; x < geometry.Width; x++, sourceX += stepX, sourceY += stepY)
                sampler.Add(sourceX, sourceY, sums + x, geometry.Width);
            return;
        }
        for (int x = 0; x < geometry.Width; x++)
        {
            (double sourceX, double sourceY) = geometry.Map.Map(x + offset, y);
            sampler.Add(FixedPoint.Of(sourceX), FixedPoint.Of(sourceY), sums + x, geometry.Width);
        }
    }

    /// <summary>
    /// The number of samples per side that keeps neighboring samples at most one source pixel apart at the output's center.
    /// </summary>
    private static int SamplesPerSide(in Geometry geometry)
    {
        double x = geometry.Width / 2.0,
            y = geometry.Height / 2.0;
        (double x0, double y0) = geometry.Map.Map(x, y);
        (double x1, double y1) = geometry.Map.Map(x + 1, y);
        (double x2, double y2) = geometry.Map.Map(x, y + 1);
        double step = Math.Max(double.Hypot(x1 - x0, y1 - y0), double.Hypot(x2 - x0, y2 - y0));
        // Zooming out by an eighth hardly aliases; four times the work for it would be a bad bargain.
        return double.IsFinite(step) ? Math.Clamp((int)Math.Ceiling(step - 0.125), 1, MaxSamples) : 1;
    }
}
