using System.Runtime.InteropServices;
using MLNetExtensions.Imaging.Boxes;

namespace MLNetExtensions.Imaging.Augmentations.Engine;

/// <summary>A closed polygon that is moved and clipped. Reused; not thread-safe.</summary>
internal sealed class Outline
{
    // A side is bent in parts of so many pixels; fields change over tens of pixels.
    private const double LongestPart = 4;

    // More parts than this have outlines alone of which nearly all lies far beyond the image.
    private const int LeastParts = 8,
        MostParts = 4096;

    // A point this near to the horizon lies at a thousand times its distance.
    private const double Horizon = 1e-3;

    private List<(double X, double Y)> _points = [];
    private List<(double X, double Y)> _spare = [];

    /// <summary>True if nothing is left of it.</summary>
    public bool IsEmpty => _points.Count == 0;

    /// <summary>The corners.</summary>
    public ReadOnlySpan<(double X, double Y)> Points => CollectionsMarshal.AsSpan(_points);

    /// <summary>The area in square pixels.</summary>
    public double Area
    {
        get
        {
            double sum = 0;
            for (int i = 0; i < _points.Count; i++)
            {
                ((double x0, double y0), (double x1, double y1)) = (_points[i], _points[(i + 1) % _points.Count]);
                sum += (x0 * y1) - (x1 * y0);
            }
            return Math.Abs(sum) / 2;
        }
    }

    /// <summary>Begins with a box.</summary>
    public void Set(in ImageBox box)
    {
        _points.Clear();
        _points.Add((box.Left, box.Top));
        _points.Add((box.Right, box.Top));
        _points.Add((box.Right, box.Bottom));
        _points.Add((box.Left, box.Bottom));
    }

    /// <summary>Begins with points: x and y in turn.</summary>
    public void Set(ReadOnlySpan<float> points)
    {
        _points.Clear();
        for (int i = 0; i + 1 < points.Length; i += 2)
            _points.Add((points[i], points[i + 1]));
    }

    /// <summary>Begins with the points of another one.</summary>
    public void Set(Outline other)
    {
        _points.Clear();
        _points.AddRange(other._points);
    }

    /// <summary>The corners, x and y in turn.</summary>
    public float[] ToArray()
    {
        var points = new float[2 * _points.Count];
        for (int i = 0; i < _points.Count; i++)
            (points[2 * i], points[(2 * i) + 1]) = ((float)_points[i].X, (float)_points[i].Y);
        return points;
    }

    /// <summary>Keeps what lies in a rectangle (Sutherland and Hodgman, 1974).</summary>
    public void Clip(double left, double top, double right, double bottom)
    {
        Clip(1, 0, -left);
        Clip(-1, 0, right);
        Clip(0, 1, -top);
        Clip(0, -1, bottom);
    }

    /// <summary>Keeps the half of the plane where a x + b y + c is not negative.</summary>
    public void Clip(double a, double b, double c)
    {
        _spare.Clear();
        for (int i = 0; i < _points.Count; i++)
        {
            ((double x0, double y0), (double x1, double y1)) = (_points[i], _points[(i + 1) % _points.Count]);
            double from = (a * x0) + (b * y0) + c,
                to = (a * x1) + (b * y1) + c;
            if (from >= 0)
                _spare.Add((x0, y0));
            if (from >= 0 == to >= 0)
                continue;
            double share = from / (from - to);
            _spare.Add((x0 + (share * (x1 - x0)), y0 + (share * (y1 - y0))));
        }
        (_points, _spare) = (_spare, _points);
    }

    /// <summary>Moves it; what lies behind the horizon of a projective map is left out.</summary>
    /// <param name="map">The map of the points.</param>
    /// <param name="side">1 or -1: the sign of the map's denominator where the points are visible.</param>
    public void Move(in Homography map, int side)
    {
        if (!map.IsAffine)
            Clip(side * map.Wx, side * map.Wy, side - Horizon);
        for (int i = 0; i < _points.Count; i++)
            _points[i] = map.Map(_points[i].X, _points[i].Y);
    }

    /// <summary>Moves it with an image whose pixels are displaced; its sides are bent.</summary>
    public void Move(DisplacementField field)
    {
        Subdivide();
        for (int i = 0; i < _points.Count; i++)
            _points[i] = field.ToOutput(_points[i].X, _points[i].Y);
    }

    /// <summary>Adds corners on the sides, so that they can be bent.</summary>
    private void Subdivide()
    {
        _spare.Clear();
        for (int i = 0; i < _points.Count; i++)
        {
            ((double x0, double y0), (double x1, double y1)) = (_points[i], _points[(i + 1) % _points.Count]);
            int parts = Math.Clamp((int)Math.Ceiling(double.Hypot(x1 - x0, y1 - y0) / LongestPart), LeastParts, MostParts);
            for (int part = 0; part < parts; part++)
                _spare.Add((x0 + ((x1 - x0) * part / parts), y0 + ((y1 - y0) * part / parts)));
        }
        (_points, _spare) = (_spare, _points);
    }
}
