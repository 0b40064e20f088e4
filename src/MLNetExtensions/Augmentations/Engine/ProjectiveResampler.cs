namespace MLNetExtensions.Augmentations.Engine;

/// <summary>
/// Resamples planar pixels under any affine or projective map: bilinear, and where the picture gets smaller the mean of several samples a pixel, so
/// that nothing aliases. As in Pillow, a sample outside of the window is border; the neighbours of one inside are taken from the window.
/// </summary>
internal static unsafe class ProjectiveResampler
{
    // More samples than this a side cost more than they show.
    private const int MaxSamples = 8;

    /// <summary>Fixed point: 32 bits before and after the point, so that positions do not drift along a row and do not depend on the processor.</summary>
    private const double Unit = 1L << 32;

    /// <param name="geometry">The map, the window and its border.</param>
    /// <param name="source">[3, SourceHeight, SourceWidth].</param>
    /// <param name="target">[3, Height, Width].</param>
    /// <param name="scratch">Memory for the sums of a row.</param>
    public static void Run(in Geometry geometry, ReadOnlySpan<byte> source, Span<byte> target, ScratchBuffer scratch)
    {
        int samples = SamplesPerSide(geometry), count = samples * samples;
        int width = geometry.Width, plane = width * geometry.Height;
        Span<byte> sums = scratch.Reserve(3 * width * sizeof(int));
        fixed (byte* from = source, to = target, sum = sums)
        {
            var row = new Row(geometry, from, (int*)sum);
            for (int y = 0; y < geometry.Height; y++)
            {
                sums.Clear();
                for (int i = 0; i < samples; i++)
                    for (int j = 0; j < samples; j++)
                        row.Add(geometry, (j + 0.5) / samples, y + ((i + 0.5) / samples));
                // Sums are in 1/65536 of a grey level.
                double scale = 1.0 / (65536.0 * count);
                for (int channel = 0; channel < 3; channel++)
                    for (int x = 0; x < width; x++)
                        to[(channel * plane) + (y * width) + x] = (byte)((row.Sums[(channel * width) + x] * scale) + 0.5);
            }
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

    /// <summary>Samples one row of the output.</summary>
    private readonly struct Row(in Geometry geometry, byte* source, int* sums)
    {
        public readonly int* Sums = sums;
        private readonly byte* _source = source;
        private readonly int _width = geometry.Width, _stride = geometry.SourceWidth, _plane = geometry.SourceWidth * geometry.SourceHeight;
        private readonly int _left = (int)Math.Floor(geometry.Left), _right = (int)Math.Ceiling(geometry.Right);
        private readonly int _top = (int)Math.Floor(geometry.Top), _bottom = (int)Math.Ceiling(geometry.Bottom);
        private readonly long _minX = Fixed(geometry.Left), _maxX = Fixed(geometry.Right), _minY = Fixed(geometry.Top), _maxY = Fixed(geometry.Bottom);
        private readonly BorderMode _border = geometry.Border;
        private readonly int _fill = geometry.Fill << 16;

        public void Add(in Geometry geometry, double offset, double y)
        {
            if (geometry.Map.IsAffine)
            {
                (double startX, double startY) = geometry.Map.Map(offset, y);
                long sourceX = Fixed(startX), sourceY = Fixed(startY), stepX = Fixed(geometry.Map.Xx), stepY = Fixed(geometry.Map.Yx);
                for (int x = 0; x < _width; x++, sourceX += stepX, sourceY += stepY)
                    AddSample(x, sourceX, sourceY);
                return;
            }
            for (int x = 0; x < _width; x++)
            {
                (double sourceX, double sourceY) = geometry.Map.Map(x + offset, y);
                AddSample(x, Fixed(sourceX), Fixed(sourceY));
            }
        }

        private void AddSample(int x, long sourceX, long sourceY)
        {
            if (_border == BorderMode.Constant && (sourceX < _minX || sourceX >= _maxX || sourceY < _minY || sourceY >= _maxY))
            {
                for (int channel = 0; channel < 3; channel++)
                    Sums[(channel * _width) + x] += _fill;
                return;
            }
            // From positions to pixel numbers: the centre of pixel 0 is at 0.5.
            sourceX -= 1L << 31;
            sourceY -= 1L << 31;
            int x0 = (int)(sourceX >> 32), y0 = (int)(sourceY >> 32);
            int weightX = (int)((sourceX >> 24) & 255), weightY = (int)((sourceY >> 24) & 255);
            int x1 = BorderIndex.Of(x0 + 1, _left, _right, _border), y1 = BorderIndex.Of(y0 + 1, _top, _bottom, _border) * _stride;
            x0 = BorderIndex.Of(x0, _left, _right, _border);
            y0 = BorderIndex.Of(y0, _top, _bottom, _border) * _stride;
            byte* plane = _source;
            for (int channel = 0; channel < 3; channel++, plane += _plane)
            {
                int above = (plane[y0 + x0] << 8) + (weightX * (plane[y0 + x1] - plane[y0 + x0]));
                int below = (plane[y1 + x0] << 8) + (weightX * (plane[y1 + x1] - plane[y1 + x0]));
                Sums[(channel * _width) + x] += (above << 8) + (weightY * (below - above));
            }
        }

        // Positions far outside are all the same; this keeps them from overflowing.
        private static long Fixed(double position) => (long)(Math.Clamp(position, -1e9, 1e9) * Unit);
    }
}
