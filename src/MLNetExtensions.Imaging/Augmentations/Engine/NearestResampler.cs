using MLNetExtensions.Imaging.Pixels;
using MLNetExtensions.Imaging.Resampling;

namespace MLNetExtensions.Imaging.Augmentations.Engine;

/// <summary>Resamples masks: each pixel is the one nearest to its center's source, so that no class is made up. Not thread-safe.</summary>
internal sealed class NearestResampler
{
    private ScratchBuffer _front = new();
    private ScratchBuffer _back = new();
    private int[] _columns = [];
    private int _width;
    private int _height;

    /// <summary>The mask after all that was done to it, valid until the next call.</summary>
    public ReadOnlySpan<byte> Result => _front.Reserve(_width * _height);

    /// <summary>Begins with a mask.</summary>
    public void Begin(ReadOnlySpan<byte> mask, int width, int height)
    {
        (_width, _height) = (width, height);
        mask[..(width * height)].CopyTo(_front.Reserve(width * height));
    }

    /// <summary>Does a geometry to the mask.</summary>
    /// <param name="geometry">The geometry.</param>
    /// <param name="ignored">The value beyond the window where the border is <see cref="BorderMode.Constant"/>.</param>
    public void Run(in Geometry geometry, byte ignored)
    {
        if (geometry.IsIdentity)
            return;
        ReadOnlySpan<byte> source = Result;
        (_width, _height) = (geometry.Width, geometry.Height);
        Span<byte> target = _back.Reserve(_width * _height);
        if (geometry.Map.KeepsAxes)
            RunAxes(geometry, source, target, ignored);
        else
            RunAny(geometry, source, target, ignored);
        (_front, _back) = (_back, _front);
    }

    /// <summary>Moves the mask's pixels along a field.</summary>
    public void Run(DisplacementField field, BorderMode border, byte ignored)
    {
        ReadOnlySpan<byte> source = Result;
        Span<byte> target = _back.Reserve(source.Length);
        var window = Window.Of(new Geometry(_width, _height) { Border = border });
        ReadOnlySpan<float> x = field.X,
            y = field.Y;
        for (int i = 0; i < target.Length; i++)
            target[i] = Pixel(source, window, FixedPoint.Of(x[i]), FixedPoint.Of(y[i]), ignored);
        (_front, _back) = (_back, _front);
    }

    private void RunAxes(in Geometry geometry, ReadOnlySpan<byte> source, Span<byte> target, byte ignored)
    {
        var window = Window.Of(geometry);
        Homography map = geometry.Map;
        if (_columns.Length < _width)
            _columns = new int[_width];
        for (int x = 0; x < _width; x++)
            _columns[x] = window.Column(FixedPoint.Of(map.X + (map.Xx * (x + 0.5))));
        for (int y = 0; y < _height; y++)
        {
            Span<byte> to = target.Slice(y * _width, _width);
            int row = window.Row(FixedPoint.Of(map.Y + (map.Yy * (y + 0.5))));
            if (row < 0)
            {
                to.Fill(ignored);
                continue;
            }
            ReadOnlySpan<byte> from = source.Slice(row * window.Stride, window.Stride);
            for (int x = 0; x < to.Length; x++)
                to[x] = _columns[x] < 0 ? ignored : from[_columns[x]];
        }
    }

    private void RunAny(in Geometry geometry, ReadOnlySpan<byte> source, Span<byte> target, byte ignored)
    {
        var window = Window.Of(geometry);
        Homography map = geometry.Map;
        for (int y = 0; y < _height; y++)
        for (int x = 0; x < _width; x++)
        {
            (double sourceX, double sourceY) = map.Map(x + 0.5, y + 0.5);
            target[(y * _width) + x] = Pixel(source, window, FixedPoint.Of(sourceX), FixedPoint.Of(sourceY), ignored);
        }
    }

    private static byte Pixel(ReadOnlySpan<byte> source, in Window window, long x, long y, byte ignored)
    {
        int column = window.Column(x),
            row = window.Row(y);
        return column < 0 || row < 0 ? ignored : source[(row * window.Stride) + column];
    }

    /// <summary>The part of the source that may be seen, as <see cref="BilinearSampler{TPlanes}"/> has it.</summary>
    private readonly record struct Window(Axis X, Axis Y, BorderMode Border, int Stride)
    {
        public static Window Of(in Geometry geometry) =>
            new(Axis.Of(geometry.Left, geometry.Right), Axis.Of(geometry.Top, geometry.Bottom), geometry.Border, geometry.SourceWidth);

        /// <summary>The column at a position; -1 beyond the window.</summary>
        public int Column(long x) => X.Index(x, Border);

        /// <summary>The row at a position; -1 beyond the window.</summary>
        public int Row(long y) => Y.Index(y, Border);
    }

    /// <summary>One side of the window: its first pixel, one more than its last, and where exactly it begins and ends.</summary>
    private readonly record struct Axis(int Low, int High, long Min, long Max)
    {
        public static Axis Of(double low, double high) =>
            new((int)Math.Floor(low), (int)Math.Ceiling(high), FixedPoint.Of(low), FixedPoint.Of(high));

        public int Index(long position, BorderMode border) =>
            border == BorderMode.Constant && (position < Min || position >= Max)
                ? -1
                : BorderIndex.Of((int)(position >> 32), Low, High, border);
    }
}
