namespace MLNetExtensions.Onnx.Rows;

/// <summary>Operators that pick elements by their position.</summary>
internal static class IndexingRows
{
    public static IEnumerable<(string OpType, RowRule Rule)> Rules =>
        [
            ("Gather", new RowRule(Gather, dataInputs: 0)),
            ("GatherElements", new RowRule(GatherElements)),
            ("GatherND", new RowRule(GatherNd)),
            ("ScatterElements", new RowRule(ScatterElements)),
            ("Scatter", new RowRule(ScatterElements)),
            ("Slice", new RowRule(Slice, dataInputs: 0)),
            ("OneHot", new RowRule(OneHot)),
            (
                "Range",
                new RowRule(node => node.AreFixedBut() ? RowValue.Fixed([RowSize.Fixed]) : RowValue.Count([RowSize.Other]), dataInputs: 0)
            ),
        ];

    private static RowValue Gather(RowNode node)
    {
        (RowValue value, RowValue indices) = (node.Inputs[0], node.Inputs[1]);
        if (
            value.Elements is { } elements
            && value.Rank == 1
            && indices.Rank <= 1
            && indices.Numbers is { } numbers
            && numbers.All(n => n < elements.Count && n >= -elements.Count)
        )
            return RowValue.Of([.. numbers.Select(n => elements[(int)(n < 0 ? n + elements.Count : n)])], isScalar: indices.Rank == 0);
        long given = node.Node.Int("axis", 0);
        if (value.IsFixed && indices.IsFixed)
            return RowValue.Fixed(
                RowNode.FromFront(given, value.Rank) is int of && indices.Sizes is { } inside
                    ? [.. value.Sizes!.Take(of), .. inside, .. value.Sizes!.Skip(of + 1)]
                    : null
            );
        if (!value.IsRows && !indices.IsRows)
            return RowValue.Count();
        if (
            RowNode.FromFront(given, value.Rank) is not int axis
            || (value.IsRows && !indices.IsFixed)
            || (indices.IsRows && !value.IsFixed)
        )
            return node.Hides();
        RowSize[]? sizes =
            value.Sizes is { } known && indices.Sizes is { } more ? [.. known.Take(axis), .. more, .. known.Skip(axis + 1)] : null;
        if (indices.IsRows)
            return RowValue.Rows(axis + indices.Axis, sizes);
        if (axis == value.Axis)
            return node.Hides("picks rows by their number");
        return axis > value.Axis ? RowValue.Rows(value.Axis, sizes)
            : indices.Rank is int rank ? RowValue.Rows(value.Axis - 1 + rank, sizes)
            : node.Hides();
    }

    private static RowValue GatherElements(RowNode node)
    {
        (RowValue value, RowValue indices) = (node.Inputs[0], node.Inputs[1]);
        return value.IsFixed && indices.IsFixed ? RowValue.Fixed(indices.Sizes)
            : value.IsRows
            && indices.IsRows
            && value.Axis == indices.Axis
            && RowNode.FromFront(node.Node.Int("axis", 0), value.Rank) is int axis
            && axis != value.Axis
                ? RowNode.Like(indices)
            : node.Hides();
    }

    private static RowValue GatherNd(RowNode node)
    {
        (RowValue value, RowValue indices) = (node.Inputs[0], node.Inputs[1]);
        if (value.IsFixed && indices.IsFixed)
            return RowValue.Fixed();
        if (value.IsFixed && indices.IsRows && indices.FromEnd > 1)
            return RowValue.Rows(indices.Axis, null);
        return value.IsRows && indices.IsRows && value.Axis == indices.Axis && value.Axis < node.Node.Int("batch_dims", 0)
            ? RowValue.Rows(value.Axis, null)
            : node.Hides();
    }

    private static RowValue ScatterElements(RowNode node)
    {
        (RowValue value, RowValue indices, RowValue updates) = (node.Inputs[0], node.Inputs[1], node.Inputs[2]);
        if (value.IsFixed && indices.IsFixed && updates.IsFixed)
            return RowValue.Fixed(value.Sizes);
        return
            value.IsRows
            && indices.IsRows
            && updates.IsRows
            && value.Axis == indices.Axis
            && value.Axis == updates.Axis
            && RowNode.FromFront(node.Node.Int("axis", 0), value.Rank) is int axis
            && axis != value.Axis
            ? RowNode.Like(value)
            : node.Hides();
    }

    private static RowValue Slice(RowNode node)
    {
        RowValue value = node.Inputs[0];
        bool isOld = node.Opset < 10;
        long[]? starts = isOld ? node.Node.Ints("starts") : node.Input(1)?.Numbers;
        RowSize[]? ends = isOld ? node.Node.Ints("ends")?.Select(RowSize.Of).ToArray() : node.Input(2)?.Elements?.ToArray();
        long[]? steps = isOld || !node.Node.HasInput(4) ? [] : node.Inputs[4].Numbers;
        bool areAxesGiven = isOld ? node.Node.Ints("axes") is not null : node.Node.HasInput(3);
        long[]? axes =
            !areAxesGiven ? [.. Enumerable.Range(0, ends?.Length ?? starts?.Length ?? 0)]
            : isOld ? node.Node.Ints("axes")
            : node.Inputs[3].Numbers;
        if (!value.IsRows)
        {
            if (
                value.Elements is { } elements
                && value.Rank == 1
                && starts is [var from]
                && ends is [{ Kind: RowSizeKind.Constant } to]
                && steps is [] or [1]
            )
            {
                int first = Bound(from, elements.Count),
                    last = Math.Max(first, Bound(to.Value, elements.Count));
                return RowValue.Of([.. elements.Skip(first).Take(last - first)]);
            }
            return node.AreFixedBut()
                ? RowValue.Fixed(value.Rank is int rank ? [.. Enumerable.Repeat(RowSize.Fixed, rank)] : null)
                : RowValue.Count();
        }
        if (axes is null || axes.Any(axis => RowNode.FromFront(axis, value.Rank) is null))
            return node.Hides();
        int[] cut = [.. axes.Select(axis => RowNode.FromFront(axis, value.Rank)!.Value)];
        int place = Array.IndexOf(cut, value.Axis);
        if (place >= 0)
        {
            bool isWhole =
                starts is not null
                && ends is not null
                && steps is not null
                && starts[place] == 0
                && (steps.Length == 0 || steps[place] == 1)
                && (
                    ends[place] is { Kind: RowSizeKind.Constant, Value: >= int.MaxValue }
                    || (ends[place].IsRows && value.Sizes?[value.Axis] == ends[place])
                );
            if (!isWhole)
                return node.Hides("picks rows by their number");
        }
        if (!node.AreFixedBut(0, 2) || (ends is null ? !node.AreFixedBut(0) : ends.Where((_, i) => i != place).Any(end => !end.IsFixed)))
            return node.Hides();
        return RowValue.Rows(
            value.Axis,
            value.Sizes?.Select((size, axis) => axis == value.Axis || !cut.Contains(axis) ? size : RowSize.Fixed).ToArray()
        );
    }

    private static int Bound(long index, int count) => (int)Math.Clamp(index < 0 ? index + count : index, 0, count);

    private static RowValue OneHot(RowNode node)
    {
        RowValue indices = node.Inputs[0];
        if (!node.AreFixedBut(0) || indices.Flow == RowFlow.Count)
            return node.Hides();
        if (indices.IsFixed || RowNode.FromFront(node.Node.Int("axis", -1), indices.Rank + 1) is not int axis)
            return indices.IsFixed ? RowValue.Fixed() : node.Hides();
        return RowValue.Rows(
            axis <= indices.Axis ? indices.Axis + 1 : indices.Axis,
            [.. indices.Sizes!.Take(axis), RowSize.Fixed, .. indices.Sizes!.Skip(axis)]
        );
    }
}
