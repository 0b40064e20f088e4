namespace MLNetExtensions.Onnx.Rows;

/// <summary>Operators that move elements or ask for shapes.</summary>
internal static class LayoutRows
{
    public static IEnumerable<(string OpType, RowRule Rule)> Rules =>
        [
            ("Shape", new RowRule(Shape, dataInputs: 0)),
            ("Size", new RowRule(Size, dataInputs: 0)),
            ("ConstantOfShape", new RowRule(ConstantOfShape, dataInputs: 0)),
            ("Reshape", new RowRule(Reshape.Apply, dataInputs: 0)),
            ("Flatten", new RowRule(Flatten)),
            ("Transpose", new RowRule(Transpose)),
            ("Squeeze", new RowRule(Squeeze, dataInputs: 0)),
            ("Unsqueeze", new RowRule(Unsqueeze, dataInputs: 0)),
            ("Expand", new RowRule(Expand, dataInputs: 1)),
            ("Tile", new RowRule(Tile, dataInputs: 1)),
            ("Concat", new RowRule(node => Concat(node, [.. node.Inputs]), dataInputs: 0)),
            ("Split", new RowRule(Split, DataInputs: 1)),
            ("Pad", new RowRule(Pad, dataInputs: 1)),
            ("Trilu", new RowRule(node => node.Inputs[0].FromEnd > 2 && node.AreFixedBut(0) ? RowNode.Like(node.Inputs[0]) : node.Hides())),
        ];

    public static IEnumerable<(string OpType, RowRule Rule)> RulesOfMicrosoft =>
        [
            (
                "QLinearConcat",
                new RowRule(node =>
                {
                    // Scale and zero point of the output, then a value, its scale and its zero point for each input.
                    int[] values = [.. Enumerable.Range(0, (node.Inputs.Count - 2) / 3).Select(i => 2 + (3 * i))];
                    return node.AreFixedBut(values) ? Concat(node, [.. values.Select(i => node.Inputs[i])]) : node.Hides();
                })
            ),
        ];

    private static RowValue Shape(RowNode node)
    {
        RowValue value = node.Inputs[0];
        if (value.Sizes is not { } sizes)
            return value.IsFixed ? RowValue.Fixed() : RowValue.Count();
        int start = Bound("start", 0),
            end = Bound("end", sizes.Count);
        return RowValue.Of([.. sizes.Skip(start).Take(end - start)]);

        int Bound(string name, long absent)
        {
            long given = node.Node.Int(name, absent);
            return (int)Math.Clamp(given < 0 ? given + sizes.Count : given, 0, sizes.Count);
        }
    }

    private static RowValue Size(RowNode node) =>
        node.Inputs[0] is { Sizes: { } sizes } ? RowValue.Of([sizes.Aggregate(RowSize.One, RowSize.Multiply)], isScalar: true)
        : node.Inputs[0].IsFixed ? RowValue.Fixed([])
        : RowValue.Count([]);

    private static RowValue ConstantOfShape(RowNode node)
    {
        if (node.Inputs[0].Elements is not { } sizes)
            return node.Inputs[0].IsFixed ? RowValue.Fixed() : node.Hides();
        if (sizes.Any(size => !size.IsFixed))
            return Repeated(node, sizes);
        RowValue filled = node.Node.Tensor("value") is { } tensor ? RowValue.Of(tensor) : RowValue.Of([RowSize.Of(0)]);
        return sizes is [{ Kind: RowSizeKind.Constant, Value: <= RowValue.MaxElements and >= 0 } count] && filled.Elements is [var element]
            ? RowValue.Of([.. Enumerable.Repeat(element, (int)count.Value)])
            : RowValue.Fixed(sizes);
    }

    /// <summary>The same for each row.</summary>
    private static RowValue Repeated(RowNode node, IReadOnlyList<RowSize> sizes)
    {
        int[] open = [.. Enumerable.Range(0, sizes.Count).Where(i => !sizes[i].IsFixed)];
        return open is [var axis] && sizes[axis].IsRows ? RowValue.Rows(axis, sizes) : node.Hides();
    }

    private static RowValue Flatten(RowNode node)
    {
        RowValue value = node.Inputs[0];
        if (RowNode.FromFront(node.Node.Int("axis", 1), value.Rank) is not int axis)
            return value.IsFixed ? RowValue.Fixed() : node.Hides();
        RowSize[] sizes =
            value.Sizes is { } known
                ? [known.Take(axis).Aggregate(RowSize.One, RowSize.Multiply), known.Skip(axis).Aggregate(RowSize.One, RowSize.Multiply)]
            : value.Axis < axis ? [RowSize.Rows(), RowSize.Fixed]
            : [RowSize.Fixed, RowSize.Rows()];
        if (value.IsFixed)
            return RowValue.Fixed(value.Sizes is null ? null : sizes);
        // Rows must come first in the dimension that they become a part of.
        if (value.Axis == axis)
            return RowValue.Rows(1, sizes);
        return value.Axis == 0 ? RowValue.Rows(0, sizes) : node.Hides();
    }

    private static RowValue Transpose(RowNode node)
    {
        RowValue value = node.Inputs[0];
        long[]? order =
            node.Node.Ints("perm") ?? (value.Rank is int rank ? [.. Enumerable.Range(0, rank).Reverse().Select(i => (long)i)] : null);
        if (order is null)
            return value.IsFixed ? RowValue.Fixed() : node.Hides();
        RowSize[]? sizes = value.Sizes is { } known ? [.. order.Select(axis => known[(int)axis])] : null;
        return value.IsFixed ? RowValue.Fixed(sizes) : RowValue.Rows(Array.IndexOf(order, value.Axis), sizes);
    }

    private static RowValue Squeeze(RowNode node)
    {
        RowValue value = node.Inputs[0];
        long[]? axes = node.Numbers("axes", 1, out bool isGiven);
        if (value.Elements is { Count: 1 } one && value.Rank == 1)
            return RowValue.Of(one, isScalar: true);
        // Without axes every dimension of one goes, that of a single row too.
        if (axes is null || axes.Any(axis => RowNode.FromFront(axis, value.Rank) is null))
            return value.IsFixed ? RowValue.Fixed()
                : value.Flow == RowFlow.Count ? RowValue.Count()
                : node.Hides();
        int[] dropped = [.. axes.Select(axis => RowNode.FromFront(axis, value.Rank)!.Value)];
        RowSize[]? sizes = value.Sizes is { } known ? [.. known.Where((_, axis) => !dropped.Contains(axis))] : null;
        if (!value.IsRows)
            return value.IsFixed ? RowValue.Fixed(sizes) : RowValue.Count(sizes);
        return dropped.Contains(value.Axis) ? node.Hides() : RowValue.Rows(value.Axis - dropped.Count(axis => axis < value.Axis), sizes);
    }

    private static RowValue Unsqueeze(RowNode node)
    {
        RowValue value = node.Inputs[0];
        long[]? axes = node.Numbers("axes", 1, out _);
        int? rank = value.Rank + axes?.Length;
        if (axes is null || axes.Any(axis => RowNode.FromFront(axis, rank) is null))
            return value.IsFixed ? RowValue.Fixed()
                : value.Flow == RowFlow.Count ? RowValue.Count()
                : node.Hides();
        if (value.Elements is { } elements && value.Rank == 0)
            return RowValue.Of(elements);
        int[] added = [.. axes.Select(axis => RowNode.FromFront(axis, rank)!.Value).Order()];
        List<RowSize>? sizes = value.Sizes?.ToList();
        int place = value.Axis;
        foreach (int axis in added)
        {
            sizes?.Insert(axis, RowSize.One);
            if (axis <= place)
                place++;
        }
        return value.IsRows ? RowValue.Rows(place, sizes)
            : value.IsFixed ? RowValue.Fixed(sizes)
            : RowValue.Count(sizes);
    }

    private static RowValue Expand(RowNode node)
    {
        RowValue value = node.Inputs[0];
        // ONNX Runtime takes -1 for "as it is".
        RowSize[]? shape = node.Inputs[1].Elements?.Select(size => size.Is(-1) ? RowSize.One : size).ToArray();
        if (shape is null || value.Rank is null)
            return value.IsFixed && node.Inputs[1].IsFixed ? RowValue.Fixed() : node.Hides();
        RowSize[] sizes = ElementwiseRows.Sizes([RowValue.Fixed(value.Sizes), RowValue.Fixed(shape)]);
        if (value.IsFixed)
            return sizes.All(size => size.IsFixed) ? RowValue.Fixed(sizes)
                : IsSpread(value, sizes) ? Repeated(node, sizes)
                : node.Hides();
        int axis = sizes.Length - value.FromEnd!.Value;
        bool isKept = shape.Length < value.FromEnd || shape[^value.FromEnd.Value] is var own && (own.Is(1) || own.IsRows);
        return isKept && sizes.Where((_, i) => i != axis).All(size => size.IsFixed) ? RowValue.Rows(axis, sizes) : node.Hides();
    }

    // Only what is one element there is the same for each row.
    private static bool IsSpread(RowValue value, RowSize[] sizes) =>
        Enumerable.Range(1, value.Rank!.Value).All(i => sizes[^i].IsFixed || value.Sizes![^i].Is(1));

    private static RowValue Tile(RowNode node)
    {
        RowValue value = node.Inputs[0];
        if (node.Inputs[1].Elements is not { } times || value.Rank is null || times.Count != value.Rank)
            return value.IsFixed && node.Inputs[1].IsFixed ? RowValue.Fixed() : node.Hides();
        RowSize[] sizes = [.. value.Sizes!.Zip(times, RowSize.Multiply)];
        if (value.IsFixed)
            return times.All(t => t.IsFixed) ? RowValue.Fixed(sizes)
                : IsSpread(value, sizes) ? Repeated(node, sizes)
                : node.Hides();
        return times.Where((t, axis) => axis == value.Axis ? !t.Is(1) : !t.IsFixed).Any()
            ? node.Hides("repeats rows")
            : RowValue.Rows(value.Axis, sizes);
    }

    private static RowValue Concat(RowNode node, RowValue[] values)
    {
        if (!values.Any(v => v.IsRows))
        {
            if (values.All(v => v is { Elements: not null, Rank: 1 }))
                return RowValue.Of([.. values.SelectMany(v => v.Elements!)]);
            return values.All(v => v.IsFixed) ? RowValue.Fixed() : RowValue.Count();
        }
        RowValue first = values.First(v => v.IsRows);
        if (
            RowNode.FromFront(node.Node.Int("axis", 1), values.Select(v => v.Rank).FirstOrDefault(rank => rank is not null)) is not int axis
            || values.Any(v => v.Flow == RowFlow.Count)
            || values.Any(v => v.IsRows && v.Axis != first.Axis)
        )
            return node.Hides();
        if (axis == first.Axis)
            return values.Length == 1 ? RowNode.Like(first) : node.Hides("joins batches");
        if (values.Any(v => v.IsFixed && v.Sizes?[first.Axis].Is(1) != true))
            return node.Hides("joins rows with values for a number of them");
        RowSize joined = values
            .Select(v => v.Sizes?[axis] ?? RowSize.Fixed)
            .Aggregate(
                (a, b) =>
                    a.Kind == RowSizeKind.Constant && b.Kind == RowSizeKind.Constant ? RowSize.Of(a.Value + b.Value) : RowSize.Combine(a, b)
            );
        return RowValue.Rows(first.Axis, first.Sizes?.Select((size, i) => i == axis ? joined : size).ToArray());
    }

    private static RowValue[] Split(RowNode node)
    {
        RowValue value = node.Inputs[0];
        int count = node.Node.Outputs.Count;
        if (value.Elements is { } elements && value.Rank == 1)
        {
            long[]? parts =
                node.Numbers("split", 1, out bool isGiven)
                ?? (isGiven || elements.Count % count != 0 ? null : [.. Enumerable.Repeat((long)elements.Count / count, count)]);
            if (parts is not null && parts.Sum() == elements.Count)
                return [.. parts.Select((part, i) => RowValue.Of([.. elements.Skip((int)parts.Take(i).Sum()).Take((int)part)]))];
        }
        if (!value.IsRows)
            return [value.IsFixed ? RowValue.Fixed() : RowValue.Count()];
        return
        [
            RowNode.FromFront(node.Node.Int("axis", 0), value.Rank) is not int axis || !node.AreFixedBut(0) ? node.Hides()
            : axis == value.Axis ? node.Hides("divides the batch")
            : RowValue.Rows(value.Axis, value.Sizes?.Select((size, i) => i == axis ? RowSize.Fixed : size).ToArray()),
        ];
    }

    // Amounts that are not known are the same for any number of rows; those that change it show in the shapes of batches.
    private static RowValue Pad(RowNode node)
    {
        RowValue value = node.Inputs[0];
        IReadOnlyList<RowSize>? pads = node.Node.Ints("pads")?.Select(RowSize.Of).ToArray() ?? node.Input(1)?.Elements;
        if (value.IsFixed && node.AreFixedBut())
            return RowValue.Fixed();
        if (!value.IsRows || !node.AreFixedBut(0, 1) || node.Input(1) is { IsFixed: false })
            return node.Hides();
        if (pads is null)
            return RowValue.Rows(value.Axis, value.Sizes?.Select((size, axis) => axis == value.Axis ? size : RowSize.Fixed).ToArray());
        int[]? axes = node.Node.HasInput(3)
            ? node.Inputs[3].Numbers?.Select(axis => RowNode.FromFront(axis, value.Rank) ?? -1).ToArray()
            : [.. Enumerable.Range(0, pads.Count / 2)];
        if (axes is null || axes.Contains(-1))
            return node.Hides();
        int place = Array.IndexOf(axes, value.Axis);
        bool isKept =
            place < 0 || new[] { pads[place], pads[place + (pads.Count / 2)] }.All(pad => pad.Is(0) || pad.Kind == RowSizeKind.Fixed);
        return isKept
            ? RowValue.Rows(
                value.Axis,
                value.Sizes?.Select((size, axis) => axis == value.Axis || !axes.Contains(axis) ? size : RowSize.Fixed).ToArray()
            )
            : node.Hides("adds rows");
    }
}
