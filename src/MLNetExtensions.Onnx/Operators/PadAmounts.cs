namespace MLNetExtensions.Onnx.Operators;

/// <summary>The elements that a Pad node adds to each axis, or removes where the amount is negative.</summary>
internal sealed class PadAmounts
{
    private readonly OpNode _op;
    private readonly long[] _shape;

    public PadAmounts(OpNode op)
    {
        _op = op;
        _shape = op.InputType(0).Shape;
        int rank = _shape.Length;
        long[] given = op.ConstantInt64s(1)!;
        long[] axes = op.ConstantInt64s(3) ?? [.. Enumerable.Range(0, rank).Select(axis => (long)axis)];
        Begin = new long[rank];
        End = new long[rank];
        for (int i = 0; i < axes.Length; i++)
        {
            Begin[Axes.FromFront(axes[i], rank)] = given[i];
            End[Axes.FromFront(axes[i], rank)] = given[i + axes.Length];
        }
        Mode = op.Node.String("mode", "constant");
    }

    /// <summary>The way the border is filled.</summary>
    public string Mode { get; }

    /// <summary>The amounts before the first elements.</summary>
    public long[] Begin { get; }

    /// <summary>The amounts after the last elements.</summary>
    public long[] End { get; }

    /// <summary>For mode constant, the value.</summary>
    public double Value() =>
        _op.Node.HasInput(2) ? (_op.ConstantInput(2) ?? throw _op.Unsupported("a padding value computed at run time")).ToFloats()[0] : 0;

    /// <summary>For the other modes, the input element of every output element along each axis that changes.</summary>
    public IReadOnlyList<(int Axis, long[] Elements)> Picks()
    {
        Func<long, long, long> source = Mode switch
        {
            "edge" => (position, size) => Math.Clamp(position, 0, size - 1),
            "reflect" => Reflect,
            "wrap" => (position, size) => ((position % size) + size) % size,
            _ => throw _op.Unsupported($"mode '{Mode}'"),
        };
        var picks = new List<(int, long[])>();
        for (int axis = 0; axis < _shape.Length; axis++)
        {
            if (Begin[axis] == 0 && End[axis] == 0)
                continue;
            var elements = new long[_shape[axis] + Begin[axis] + End[axis]];
            for (int i = 0; i < elements.Length; i++)
                elements[i] = source(i - Begin[axis], _shape[axis]);
            picks.Add((axis, elements));
        }
        return picks;
    }

    /// <summary>Mirrors at the border elements, which are not repeated, as often as needed.</summary>
    private static long Reflect(long position, long size)
    {
        if (size == 1)
            return 0;
        long period = 2 * (size - 1),
            phase = ((position % period) + period) % period;
        return phase < size ? phase : period - phase;
    }
}
