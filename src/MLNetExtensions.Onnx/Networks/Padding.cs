namespace MLNetExtensions.Onnx.Networks;

/// <summary>
/// The padding around an image before a window slides over it: <see cref="Same"/>, <see cref="Valid"/>, or explicit rows and columns (a
/// single number means all four sides, as in PyTorch).
/// </summary>
public readonly record struct Padding
{
    private readonly bool _isSame;
    private readonly int _top,
        _left,
        _bottom,
        _right;

    /// <summary>Makes explicit padding.</summary>
    /// <param name="top">Rows above.</param>
    /// <param name="left">Columns at the left.</param>
    /// <param name="bottom">Rows below.</param>
    /// <param name="right">Columns at the right.</param>
    public Padding(int top, int left, int bottom, int right) => (_top, _left, _bottom, _right) = (top, left, bottom, right);

    private Padding(bool isSame) => _isSame = isSame;

    /// <summary>No padding: the window stays inside the image.</summary>
    public static Padding Valid => default;

    /// <summary>
    /// Enough padding for an output of the input's size divided by the strides, rounded up; an odd remainder goes to the bottom and the
    /// right (TensorFlow's and Keras's <c>same</c>, ONNX's SAME_UPPER).
    /// </summary>
    public static Padding Same => new(isSame: true);

    /// <summary>The same on all four sides.</summary>
    public static implicit operator Padding(int size) => new(size, size, size, size);

    /// <summary>Rows above and below, columns left and right.</summary>
    public static implicit operator Padding((int Vertical, int Horizontal) size) =>
        new(size.Vertical, size.Horizontal, size.Vertical, size.Horizontal);

    internal bool IsValid => this == default;

    internal bool IsNegative => _top < 0 || _left < 0 || _bottom < 0 || _right < 0;

    /// <summary>ONNX's pads [top, left, bottom, right] for an input and a window.</summary>
    internal long[] Resolve(int height, int width, Size2D kernel, Size2D strides, Size2D dilations)
    {
        if (!_isSame)
            return [_top, _left, _bottom, _right];
        int vertical = Total(height, kernel.Height, strides.Height, dilations.Height),
            horizontal = Total(width, kernel.Width, strides.Width, dilations.Width);
        return [vertical / 2, horizontal / 2, vertical - vertical / 2, horizontal - horizontal / 2];
    }

    /// <summary>For transposed windows: the pads and the output padding that make the output the input's size times the strides.</summary>
    internal (long[] Pads, long[] OutputPadding) ResolveTransposed(Size2D kernel, Size2D strides, Size2D dilations)
    {
        if (!_isSame)
            return ([_top, _left, _bottom, _right], [0, 0]);
        int vertical = (kernel.Height - 1) * dilations.Height + 1 - strides.Height,
            horizontal = (kernel.Width - 1) * dilations.Width + 1 - strides.Width;
        int cutRows = Math.Max(0, vertical),
            cutColumns = Math.Max(0, horizontal);
        return (
            [cutRows / 2, cutColumns / 2, cutRows - cutRows / 2, cutColumns - cutColumns / 2],
            [Math.Max(0, -vertical), Math.Max(0, -horizontal)]
        );
    }

    /// <inheritdoc/>
    public override string ToString() => _isSame ? "same" : $"{_top},{_left},{_bottom},{_right}";

    private static int Total(int size, int kernel, int stride, int dilation) =>
        Math.Max(0, ((size + stride - 1) / stride - 1) * stride + (kernel - 1) * dilation + 1 - size);
}
