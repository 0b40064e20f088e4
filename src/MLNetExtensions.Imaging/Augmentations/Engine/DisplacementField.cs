using System.Runtime.InteropServices;
using MLNetExtensions.Imaging.Pixels;

namespace MLNetExtensions.Imaging.Augmentations.Engine;

/// <summary>The source position of each pixel of an image that an <see cref="IDisplacement"/> moves. Reused; not thread-safe.</summary>
internal sealed class DisplacementField
{
    private const int MaxSteps = 30,
        MaxHalvings = 6;

    // Pixels; far below what a box is exact to.
    private const double Close = 0.01;

    private readonly ScratchBuffer _positions = new();
    private readonly ScratchBuffer _scratch = new();
    private IDisplacement? _operation;
    private DrawKey _key;

    /// <summary>The image's width.</summary>
    public int Width { get; private set; }

    /// <summary>The image's height.</summary>
    public int Height { get; private set; }

    /// <summary>[Height, Width]: the column where each pixel comes from, in continuous coordinates.</summary>
    public Span<float> X => Positions[..(Width * Height)];

    /// <summary>[Height, Width]: the row where each pixel comes from.</summary>
    public Span<float> Y => Positions[(Width * Height)..];

    private Span<float> Positions => MemoryMarshal.Cast<byte, float>(_positions.Reserve(2 * Width * Height * sizeof(float)));

    /// <summary>Computes the positions, unless they are those of the last call.</summary>
    public void Set(IDisplacement operation, DrawKey key, int width, int height)
    {
        if (ReferenceEquals(operation, _operation) && key == _key && width == Width && height == Height)
            return;
        (_operation, _key, Width, Height) = (operation, key, width, height);
        operation.Displace(key, this);
    }

    /// <summary>More memory for operations, its content undefined.</summary>
    public Span<float> Reserve(int count) => MemoryMarshal.Cast<byte, float>(_scratch.Reserve(count * sizeof(float)));

    /// <summary>
    /// The point of the new image that shows a point of the old one: Newton's method with halved steps, as the field gives the way back
    /// only. Where a field folds, one of the several such points.
    /// </summary>
    public (double X, double Y) ToOutput(double x, double y)
    {
        // The displacement is a first guess of its own inverse.
        (double sourceX, double sourceY) = ToSource(x, y);
        (double atX, double atY) = ((2 * x) - sourceX, (2 * y) - sourceY);
        (sourceX, sourceY) = ToSource(atX, atY);
        double left = double.Hypot(x - sourceX, y - sourceY);
        for (int step = 0; step < MaxSteps && left > Close; step++)
        {
            (double moveX, double moveY) = Newton(atX, atY, sourceX, sourceY, x - sourceX, y - sourceY);
            double best = left;
            for (int halving = 0; halving < MaxHalvings && best >= left; halving++, moveX /= 2, moveY /= 2)
            {
                (double nextX, double nextY) = ToSource(atX + moveX, atY + moveY);
                double distance = double.Hypot(x - nextX, y - nextY);
                if (distance < left)
                    (atX, atY, sourceX, sourceY, best) = (atX + moveX, atY + moveY, nextX, nextY, distance);
            }
            if (best >= left)
                break;
            left = best;
        }
        return (atX, atY);
    }

    /// <summary>The position in the old image of a point of the new one; beyond the edge, displaced as the edge is.</summary>
    private (double X, double Y) ToSource(double x, double y)
    {
        double insideX = Math.Clamp(x, 0.5, Width - 0.5),
            insideY = Math.Clamp(y, 0.5, Height - 0.5);
        int column = Math.Clamp((int)(insideX - 0.5), 0, Math.Max(0, Width - 2)),
            row = Math.Clamp((int)(insideY - 0.5), 0, Math.Max(0, Height - 2));
        double weightX = insideX - 0.5 - column,
            weightY = insideY - 0.5 - row;
        int at = (row * Width) + column,
            right = Width > 1 ? 1 : 0,
            below = Height > 1 ? Width : 0;
        return (Between(X) + x - insideX, Between(Y) + y - insideY);

        double Between(ReadOnlySpan<float> positions)
        {
            double top = double.Lerp(positions[at], positions[at + right], weightX),
                bottom = double.Lerp(positions[at + below], positions[at + below + right], weightX);
            return double.Lerp(top, bottom, weightY);
        }
    }

    /// <summary>The move that would close a gap if the field were a plane here.</summary>
    private (double X, double Y) Newton(double x, double y, double sourceX, double sourceY, double gapX, double gapY)
    {
        (double xx, double yx) = ToSource(x + 1, y);
        (double xy, double yy) = ToSource(x, y + 1);
        (xx, yx, xy, yy) = (xx - sourceX, yx - sourceY, xy - sourceX, yy - sourceY);
        double determinant = (xx * yy) - (xy * yx);
        return Math.Abs(determinant) < 1e-3
            ? (gapX, gapY)
            : (((yy * gapX) - (xy * gapY)) / determinant, ((xx * gapY) - (yx * gapX)) / determinant);
    }
}
