using System.Buffers;
using MLNetExtensions.Imaging.Pixels;
using MLNetExtensions.Imaging.Resampling;

namespace MLNetExtensions.Imaging.Augmentations.Engine;

/// <summary>Moves each pixel of an image by a displacement of its own, bilinearly.</summary>
internal static unsafe class DisplacementResampler
{
    /// <param name="image">The image; its size stays.</param>
    /// <param name="positionsX">[height, width]: where in the image each pixel comes from, in continuous coordinates.</param>
    /// <param name="positionsY">[height, width].</param>
    /// <param name="border">The pixels beyond the image.</param>
    /// <param name="fill">The gray level for <see cref="BorderMode.Constant"/>.</param>
    public static void Run(WorkingImage image, ReadOnlySpan<float> positionsX, ReadOnlySpan<float> positionsY, BorderMode border, byte fill)
    {
        if (image.Channels == 3)
            Run<ThreePlanes>(image, positionsX, positionsY, border, fill);
        else if (image.Channels == 1)
            Run<OnePlane>(image, positionsX, positionsY, border, fill);
        else
        {
            PlanarPixels.Premultiply(image.Pixels);
            Run<FourPlanes>(image, positionsX, positionsY, border, fill);
            PlanarPixels.Unpremultiply(image.Pixels);
        }
    }

    private static void Run<TPlanes>(
        WorkingImage image,
        ReadOnlySpan<float> positionsX,
        ReadOnlySpan<float> positionsY,
        BorderMode border,
        byte fill
    )
        where TPlanes : struct, IPlaneCount
    {
        int width = image.Width,
            plane = image.PlaneSize;
        var geometry = new Geometry(width, image.Height);
        geometry.TryTransform(Homography.Identity, border, fill);
        int[] row = ArrayPool<int>.Shared.Rent(TPlanes.Count * width);
        row.AsSpan(0, TPlanes.Count * width).Clear();
        fixed (
            byte* from = image.Pixels,
                to = image.Spare
        )
        fixed (int* sums = row)
        {
            var sampler = new BilinearSampler<TPlanes>(geometry, from);
            for (int y = 0; y < image.Height; y++)
            {
                for (int x = 0; x < width; x++)
                    sampler.Add(FixedPoint.Of(positionsX[(y * width) + x]), FixedPoint.Of(positionsY[(y * width) + x]), sums + x, width);
                BilinearSampler<TPlanes>.Store(sums, 1, to + (y * width), width, plane);
            }
        }
        ArrayPool<int>.Shared.Return(row);
        image.TakeSpare();
    }
}
