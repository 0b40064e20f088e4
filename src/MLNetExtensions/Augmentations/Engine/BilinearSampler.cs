namespace MLNetExtensions.Augmentations.Engine;

/// <summary>
/// Bilinear samples of planar pixels. As in Pillow, a sample outside of the window is border; the neighbours of one inside are taken from the window.
/// </summary>
/// <param name="geometry">Says the source's size, the window and its border.</param>
/// <param name="source">[3, SourceHeight, SourceWidth], pinned.</param>
internal readonly unsafe struct BilinearSampler(in Geometry geometry, byte* source)
{
    /// <summary>Positions are fixed point, 32 bits before and after the point: they do not drift along a row, nor differ between processors.</summary>
    private const double Unit = 1L << 32;

    private readonly byte* _source = source;
    private readonly int _stride = geometry.SourceWidth, _plane = geometry.SourceWidth * geometry.SourceHeight;
    private readonly int _left = (int)Math.Floor(geometry.Left), _right = (int)Math.Ceiling(geometry.Right);
    private readonly int _top = (int)Math.Floor(geometry.Top), _bottom = (int)Math.Ceiling(geometry.Bottom);
    private readonly long _minX = Fixed(geometry.Left), _maxX = Fixed(geometry.Right), _minY = Fixed(geometry.Top), _maxY = Fixed(geometry.Bottom);
    private readonly BorderMode _border = geometry.Border;
    private readonly int _fill = geometry.Fill << 16;

    /// <summary>A position, in pixels from the edge, as fixed point.</summary>
    // Positions far outside are all the same; this keeps them from overflowing.
    public static long Fixed(double position) => (long)(Math.Clamp(position, -1e9, 1e9) * Unit);

    /// <summary>Adds a sample, in 1/65536 of a grey level.</summary>
    /// <param name="x">The position, see <see cref="Fixed"/>.</param>
    /// <param name="y">The position, see <see cref="Fixed"/>.</param>
    /// <param name="sums">Where the red sum is.</param>
    /// <param name="stride">The distance to the green and the blue one.</param>
    public void Add(long x, long y, int* sums, int stride)
    {
        if (_border == BorderMode.Constant && (x < _minX || x >= _maxX || y < _minY || y >= _maxY))
        {
            sums[0] += _fill;
            sums[stride] += _fill;
            sums[2 * stride] += _fill;
            return;
        }
        // From positions to pixel numbers: the centre of pixel 0 is at 0.5.
        x -= 1L << 31;
        y -= 1L << 31;
        int x0 = (int)(x >> 32), y0 = (int)(y >> 32), weightX = (int)((x >> 24) & 255), weightY = (int)((y >> 24) & 255);
        int x1 = BorderIndex.Of(x0 + 1, _left, _right, _border), y1 = BorderIndex.Of(y0 + 1, _top, _bottom, _border);
        x0 = BorderIndex.Of(x0, _left, _right, _border);
        y0 = BorderIndex.Of(y0, _top, _bottom, _border);
        byte* above = _source + ((long)y0 * _stride), below = _source + ((long)y1 * _stride);
        for (int channel = 0; channel < 3; channel++)
        {
            int top = (above[x0] << 8) + (weightX * (above[x1] - above[x0]));
            int bottom = (below[x0] << 8) + (weightX * (below[x1] - below[x0]));
            *sums += (top << 8) + (weightY * (bottom - top));
            sums += stride;
            above += _plane;
            below += _plane;
        }
    }

    /// <summary>Writes sums as grey levels, and clears them.</summary>
    /// <param name="sums">[3, width].</param>
    /// <param name="samples">How many samples a sum has.</param>
    /// <param name="target">The red row.</param>
    /// <param name="width">The pixels of a row.</param>
    /// <param name="stride">The distance to the green and the blue row.</param>
    public static void Store(int* sums, int samples, byte* target, int width, int stride)
    {
        double scale = 1 / (65536.0 * samples);
        for (int channel = 0; channel < 3; channel++)
            for (int x = 0; x < width; x++)
            {
                target[(channel * stride) + x] = (byte)((*sums * scale) + 0.5);
                *sums++ = 0;
            }
    }
}
