using MLNetExtensions.Imaging.Pixels;
using MLNetExtensions.Imaging.Resampling;

namespace MLNetExtensions.Imaging.Augmentations.Engine;

/// <summary>Does a <see cref="Geometry"/> to pixels, each kind of map in its fastest way. Not thread-safe.</summary>
internal sealed class GeometryResampler
{
    private const double Tolerance = 1e-6;

    private readonly SeparableResampler _separable = new();
    private readonly ScratchBuffer _sums = new();
    private readonly ScratchBuffer _window = new();
    private readonly ScratchBuffer _premultiplied = new();

    /// <param name="geometry">The geometry.</param>
    /// <param name="source">[channels, SourceHeight, SourceWidth].</param>
    /// <param name="target">[channels, Height, Width].</param>
    /// <param name="channels">The number of planes: 1, 3, or 4 with alpha as the last.</param>
    public void Run(in Geometry geometry, ReadOnlySpan<byte> source, Span<byte> target, int channels = 3)
    {
        if (geometry.IsIdentity)
            source.CopyTo(target);
        else if (IsShift(geometry.Map))
            Shift(geometry, source, target, channels);
        else if (channels < 4)
            Resample(geometry, source, target, channels);
        else
        {
            // As Pillow does it: a color counts as far as it is opaque.
            Span<byte> counted = _premultiplied.Reserve(source.Length);
            source.CopyTo(counted);
            PlanarPixels.Premultiply(counted);
            Resample(geometry, counted, target, channels);
            PlanarPixels.Unpremultiply(target);
        }
    }

    private void Resample(in Geometry geometry, ReadOnlySpan<byte> source, Span<byte> target, int channels)
    {
        Homography map = geometry.Map;
        if ((map.KeepsAxes || map.SwapsAxes) && StaysInside(geometry))
            Resize(geometry, source, target);
        else if (geometry.TryWindow(out Geometry window, out int left, out int top))
            Place(geometry, window, left, top, source, target, channels);
        else
            ProjectiveResampler.Run(geometry, source, target, channels, _sums);
    }

    /// <summary>Resizes the window to its part of the output, and fills the rest.</summary>
    private void Place(
        in Geometry geometry,
        in Geometry window,
        int left,
        int top,
        ReadOnlySpan<byte> source,
        Span<byte> target,
        int channels
    )
    {
        Span<byte> resized = _window.Reserve(channels * window.Width * window.Height);
        Resize(window, source, resized);
        for (int channel = 0; channel < channels; channel++)
        for (int y = 0; y < geometry.Height; y++)
        {
            Span<byte> to = target.Slice(((channel * geometry.Height) + y) * geometry.Width, geometry.Width);
            if (y < top || y >= top + window.Height)
            {
                to.Fill(geometry.Fill);
                continue;
            }
            to[..left].Fill(geometry.Fill);
            resized.Slice(((channel * window.Height) + y - top) * window.Width, window.Width).CopyTo(to[left..]);
            to[(left + window.Width)..].Fill(geometry.Fill);
        }
    }

    /// <summary>True if output pixels fall exactly on source pixels: whole-pixel shifts and mirror images.</summary>
    private static bool IsShift(in Homography map) =>
        map.KeepsAxes && Math.Abs(map.Xx) == 1 && Math.Abs(map.Yy) == 1 && map.X == Math.Floor(map.X) && map.Y == Math.Floor(map.Y);

    private static bool StaysInside(in Geometry geometry)
    {
        (double x0, double y0) = geometry.Map.Map(0, 0);
        (double x1, double y1) = geometry.Map.Map(geometry.Width, geometry.Height);
        return Math.Min(x0, x1) >= geometry.Left - Tolerance
            && Math.Max(x0, x1) <= geometry.Right + Tolerance
            && Math.Min(y0, y1) >= geometry.Top - Tolerance
            && Math.Max(y0, y1) <= geometry.Bottom + Tolerance;
    }

    private void Resize(in Geometry geometry, ReadOnlySpan<byte> source, Span<byte> target)
    {
        bool swap = geometry.Map.SwapsAxes;
        (int countX, int countY) = swap ? (geometry.Height, geometry.Width) : (geometry.Width, geometry.Height);
        (double x0, double y0) = geometry.Map.Map(0, 0);
        (double x1, double y1) = geometry.Map.Map(geometry.Width, geometry.Height);
        _separable.X.Set(
            x0,
            x1,
            countX,
            (int)Math.Floor(geometry.Left + Tolerance),
            (int)Math.Ceiling(geometry.Right - Tolerance),
            ResamplingFilter.Bilinear
        );
        _separable.Y.Set(
            y0,
            y1,
            countY,
            (int)Math.Floor(geometry.Top + Tolerance),
            (int)Math.Ceiling(geometry.Bottom - Tolerance),
            ResamplingFilter.Bilinear
        );
        _separable.Run(source, geometry.SourceWidth, geometry.SourceHeight, target, swap);
    }

    private static void Shift(in Geometry geometry, ReadOnlySpan<byte> source, Span<byte> target, int channels)
    {
        (int left, int right, int top, int bottom) = ((int)geometry.Left, (int)geometry.Right, (int)geometry.Top, (int)geometry.Bottom);
        (int stepX, int stepY) = ((int)geometry.Map.Xx, (int)geometry.Map.Yy);
        // The pixel that output pixel 0 shows.
        int firstX = (int)geometry.Map.X + (stepX < 0 ? -1 : 0),
            firstY = (int)geometry.Map.Y + (stepY < 0 ? -1 : 0);
        // Output columns [begin, end) show the window, the others the border.
        int begin = Math.Clamp(stepX > 0 ? left - firstX : firstX - right + 1, 0, geometry.Width);
        int end = Math.Clamp(stepX > 0 ? right - firstX : firstX - left + 1, begin, geometry.Width);
        int sourcePlane = geometry.SourceWidth * geometry.SourceHeight;
        for (int channel = 0; channel < channels; channel++)
        {
            for (int y = 0; y < geometry.Height; y++)
            {
                Span<byte> to = target.Slice(((channel * geometry.Height) + y) * geometry.Width, geometry.Width);
                int sourceY = firstY + (y * stepY);
                if (geometry.Border == BorderMode.Constant && (sourceY < top || sourceY >= bottom))
                {
                    to.Fill(geometry.Fill);
                    continue;
                }
                int row = BorderIndex.Of(sourceY, top, bottom, geometry.Border);
                ReadOnlySpan<byte> from = source.Slice((channel * sourcePlane) + (row * geometry.SourceWidth), geometry.SourceWidth);
                if (end > begin)
                {
                    int low = stepX > 0 ? firstX + begin : firstX - end + 1;
                    from.Slice(low, end - begin).CopyTo(to[begin..]);
                    if (stepX < 0)
                        to[begin..end].Reverse();
                }
                Border(geometry, from, firstX, stepX, left, right, to, 0, begin);
                Border(geometry, from, firstX, stepX, left, right, to, end, geometry.Width);
            }
        }
    }

    private static void Border(
        in Geometry geometry,
        ReadOnlySpan<byte> from,
        int firstX,
        int stepX,
        int left,
        int right,
        Span<byte> to,
        int begin,
        int end
    )
    {
        for (int x = begin; x < end; x++)
            to[x] =
                geometry.Border == BorderMode.Constant
                    ? geometry.Fill
                    : from[BorderIndex.Of(firstX + (x * stepX), left, right, geometry.Border)];
    }
}
