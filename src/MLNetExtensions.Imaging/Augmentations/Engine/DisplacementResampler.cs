using System.Buffers;
using MLNetExtensions.Imaging.Pixels;
using MLNetExtensions.Imaging.Resampling;

namespace MLNetExtensions.Imaging.Augmentations.Engine;

/// <summary>Moves each pixel of a picture by a displacement of its own, bilinearly.</summary>
internal static unsafe class DisplacementResampler
{
    /// <param name="picture">The picture; its size stays.</param>
    /// <param name="positionsX">[height, width]: where in the picture each pixel comes from, in continuous coordinates.</param>
    /// <param name="positionsY">[height, width].</param>
    /// <param name="border">What is beyond the picture.</param>
    /// <param name="fill">The grey level for <see cref="BorderMode.Constant"/>.</param>
    public static void Run(WorkingPicture picture, ReadOnlySpan<float> positionsX, ReadOnlySpan<float> positionsY, BorderMode border, byte fill)
    {
        if (picture.Channels == 3)
            Run<ThreePlanes>(picture, positionsX, positionsY, border, fill);
        else if (picture.Channels == 1)
            Run<OnePlane>(picture, positionsX, positionsY, border, fill);
        else
        {
            PlanarPixels.Premultiply(picture.Pixels);
            Run<FourPlanes>(picture, positionsX, positionsY, border, fill);
            PlanarPixels.Unpremultiply(picture.Pixels);
        }
    }

    private static void Run<TPlanes>(WorkingPicture picture, ReadOnlySpan<float> positionsX, ReadOnlySpan<float> positionsY, BorderMode border, byte fill)
        where TPlanes : struct, IPlaneCount
    {
        int width = picture.Width, plane = picture.PlaneSize;
        var geometry = new Geometry(width, picture.Height);
        geometry.TryTransform(Homography.Identity, border, fill);
        int[] row = ArrayPool<int>.Shared.Rent(TPlanes.Count * width);
        row.AsSpan(0, TPlanes.Count * width).Clear();
        fixed (byte* from = picture.Pixels, to = picture.Spare)
        fixed (int* sums = row)
        {
            var sampler = new BilinearSampler<TPlanes>(geometry, from);
            for (int y = 0; y < picture.Height; y++)
            {
                for (int x = 0; x < width; x++)
                    sampler.Add(FixedPoint.Of(positionsX[(y * width) + x]), FixedPoint.Of(positionsY[(y * width) + x]), sums + x, width);
                BilinearSampler<TPlanes>.Store(sums, 1, to + (y * width), width, plane);
            }
        }
        ArrayPool<int>.Shared.Return(row);
        picture.TakeSpare();
    }
}
