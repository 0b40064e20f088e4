using MLNetExtensions.Imaging.Resampling;

namespace MLNetExtensions.Imaging.Augmentations.Engine;

/// <summary>
/// Bilinear samples of planar pixels. As in Pillow, a sample outside of the window is border; the neighbors of one inside are taken from
/// the window.
/// </summary>
/// <typeparam name="TPlanes">The number of planes, known to the compiler.</typeparam>
/// <param name="geometry">Says the source's size, the window and its border.</param>
/// <param name="source">[planes, SourceHeight, SourceWidth], pinned.</param>
internal readonly unsafe struct BilinearSampler<TPlanes>(in Geometry geometry, byte* source)
    where TPlanes : struct, IPlaneCount
{
    private readonly byte* _source = source;
    private readonly int _stride = geometry.SourceWidth,
        _plane = geometry.SourceWidth * geometry.SourceHeight;
    private readonly int _left = (int)Math.Floor(geometry.Left),
        _right = (int)Math.Ceiling(geometry.Right);
    private readonly int _top = (int)Math.Floor(geometry.Top),
        _bottom = (int)Math.Ceiling(geometry.Bottom);
    private readonly long _minX = FixedPoint.Of(geometry.Left),
        _maxX = FixedPoint.Of(geometry.Right),
        _minY = FixedPoint.Of(geometry.Top),
        _maxY = FixedPoint.Of(geometry.Bottom);
    private readonly BorderMode _border = geometry.Border;
    private readonly int _fill = geometry.Fill << 16;

    /// <summary>Adds a sample, in 1/65536 of a gray level.</summary>
    /// <param name="x">The position, see <see cref="FixedPoint"/>.</param>
    /// <param name="y">The position, see <see cref="FixedPoint"/>.</param>
    /// <param name="sums">The first plane's sum.</param>
    /// <param name="stride">The distance to the next plane's.</param>
    public void Add(long x, long y, int* sums, int stride)
    {
        if (_border == BorderMode.Constant && (x < _minX || x >= _maxX || y < _minY || y >= _maxY))
        {
            for (int channel = 0; channel < TPlanes.Count; channel++)
                sums[channel * stride] += _fill;
            return;
        }
        // From positions to pixel numbers: the center of pixel 0 is at 0.5.
        x -= 1L << 31;
        y -= 1L << 31;
        int x0 = (int)(x >> 32),
            y0 = (int)(y >> 32),
            weightX = (int)((x >> 24) & 255),
            weightY = (int)((y >> 24) & 255);
        int x1 = BorderIndex.Of(x0 + 1, _left, _right, _border),
            y1 = BorderIndex.Of(y0 + 1, _top, _bottom, _border);
        x0 = BorderIndex.Of(x0, _left, _right, _border);
        y0 = BorderIndex.Of(y0, _top, _bottom, _border);
        byte* above = _source + ((long)y0 * _stride),
            below = _source + ((long)y1 * _stride);
        for (int channel = 0; channel < TPlanes.Count; channel++)
        {
            int top = (above[x0] << 8) + (weightX * (above[x1] - above[x0]));
            int bottom = (below[x0] << 8) + (weightX * (below[x1] - below[x0]));
            *sums += (top << 8) + (weightY * (bottom - top));
            sums += stride;
            above += _plane;
            below += _plane;
        }
    }

    /// <summary>Writes sums as gray levels, and clears them.</summary>
    /// <param name="sums">[planes, width].</param>
    /// <param name="samples">The number of samples in a sum.</param>
    /// <param name="target">The first plane's row.</param>
    /// <param name="width">The pixels of a row.</param>
    /// <param name="stride">The distance to the next plane's row.</param>
    public static void Store(int* sums, int samples, byte* target, int width, int stride)
    {
        double scale = 1 / (65536.0 * samples);
        for (int channel = 0; channel < TPlanes.Count; channel++)
        for (int x = 0; x < width; x++)
        {
            target[(channel * stride) + x] = (byte)((*sums * scale) + 0.5);
            *sums++ = 0;
        }
    }
}
