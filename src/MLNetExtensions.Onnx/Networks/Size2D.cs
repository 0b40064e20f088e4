namespace MLNetExtensions.Onnx.Networks;

/// <summary>A size in rows and columns; a single number means both.</summary>
/// <param name="Height">Rows.</param>
/// <param name="Width">Columns.</param>
public readonly record struct Size2D(int Height, int Width)
{
    /// <summary>A square.</summary>
    public static implicit operator Size2D(int size) => new(size, size);

    /// <summary>Rows and columns.</summary>
    public static implicit operator Size2D((int Height, int Width) size) => new(size.Height, size.Width);

    internal bool IsPositive => Height > 0 && Width > 0;

    internal long[] ToLongs() => [Height, Width];

    /// <inheritdoc/>
    public override string ToString() => $"{Height}x{Width}";
}
