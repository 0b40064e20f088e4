namespace MLNetExtensions.TensorFlow.Interchange.Ops;

/// <summary>Ops that take parts of a value.</summary>
internal static class SliceImport
{
    public static IEnumerable<KeyValuePair<string, ImportOp>> Ops =>
        [new("StridedSlice", StridedSlice), new("Slice", Slice), new("Split", Split), new("SplitV", Split)];

    private static ImportedValue[] StridedSlice(GraphImport g, ImportNode node, ImportedValue[] x)
    {
        if (node.Int("ellipsis_mask", 0) != 0 || node.Int("new_axis_mask", 0) != 0)
            throw node.Error("its ellipsis or new axes are not imported.");
        long[] begin = GraphImport.Ints(node, x[1]),
            end = GraphImport.Ints(node, x[2]),
            steps = GraphImport.Ints(node, x[3]);
        if (begin.Length != end.Length || begin.Length != steps.Length || begin.Length > x[0].Rank || steps.Contains(0))
            throw node.Error("its bounds do not fit its input.");
        long shrink = node.Int("shrink_axis_mask", 0),
            open = node.Int("begin_mask", 0),
            openEnd = node.Int("end_mask", 0);
        for (int i = 0; i < begin.Length; i++)
        {
            bool single = (shrink >> i & 1) != 0,
                forward = steps[i] > 0;
            if ((open >> i & 1) != 0 && !single)
                begin[i] = forward ? 0 : -1;
            if (single)
                (end[i], steps[i]) = (begin[i] == -1 ? long.MaxValue : begin[i] + 1, 1);
            else if ((openEnd >> i & 1) != 0 || i == 0 && end[i] == ImportedValue.Unknown && begin[i] == 0 && forward)
                end[i] = forward ? long.MaxValue : long.MinValue;
        }
        long[] dropped = [.. Enumerable.Range(0, begin.Length).Where(i => (shrink >> i & 1) != 0).Select(i => (long)i)];
        if (x[0].Ints is { } values && x[0].Rank == 1)
            return [OfSizes(node, x[0], values, begin[0], end[0], steps[0], dropped.Length > 0)];
        ImportedValue part = Part(g, node, x[0], begin, end, steps, dropped.Length == 0 ? node.Name : node.Name + "/part");
        if (dropped.Length == 0)
            return [part];
        long[] shape = [.. part.Shape.Where((_, axis) => !dropped.Contains(axis))];
        return [new ImportedValue(g.Emit("Squeeze", node.Name, [g.Plain(part), g.Int64s(node.Name + "/axes", dropped)]), part.Type, shape)];
    }

    private static ImportedValue[] Slice(GraphImport g, ImportNode node, ImportedValue[] x)
    {
        long[] begin = GraphImport.Ints(node, x[1]),
            size = GraphImport.Ints(node, x[2]);
        if (begin.Length != x[0].Rank || size.Length != x[0].Rank)
            throw node.Error("its bounds do not fit its input.");
        // A batch that is computed or was fixed by the file is all of it.
        long[] end =
        [
            .. size.Select(
                (s, axis) =>
                    s == -1 || axis == 0 && begin[0] == 0 && x[0].Shape[0] < 0 && (s == ImportedValue.Unknown || s == g.DeclaredBatch)
                        ? long.MaxValue
                    : ImportedValue.IsOpen(s) ? ImportedValue.Computed
                    : begin[axis] + s
            ),
        ];
        return [Part(g, node, x[0], begin, end, [.. begin.Select(_ => 1L)], node.Name)];
    }

    private static ImportedValue[] Split(GraphImport g, ImportNode node, ImportedValue[] x)
    {
        bool given = node.Op == "SplitV";
        ImportedValue value = given ? x[0] : x[1];
        long axis = GraphImport.Ints(node, given ? x[2] : x[0])[0],
            count = node.Int("num_split", 1);
        axis = axis < 0 ? axis + value.Rank : axis;
        if (axis < 0 || axis >= value.Rank || value.Shape[axis] < 0 || count < 1 || count > Math.Max(1, value.Shape[axis]))
            throw node.Error("its axis must have a known size, of at least as many as its parts.");
        long whole = value.Shape[axis];
        long[] sizes = given ? GraphImport.Ints(node, x[1]) : [.. Enumerable.Repeat(whole / count, (int)count)];
        sizes = [.. sizes.Select(s => s == -1 ? whole - sizes.Where(other => other != -1).Sum() : s)];
        if (sizes.Length != count || sizes.Sum() != whole)
            throw node.Error($"its parts [{string.Join(',', sizes)}] do not make {whole}.");
        var parts = new ImportedValue[count];
        long start = 0;
        for (int i = 0; i < parts.Length; start += sizes[i++])
        {
            long[] begin = new long[value.Rank],
                end = [.. value.Shape.Select(_ => long.MaxValue)];
            (begin[axis], end[axis]) = (start, start + sizes[i]);
            parts[i] = Part(g, node, value, begin, end, [.. begin.Select(_ => 1L)], i == 0 ? node.Name : $"{node.Name}/{i}");
        }
        return parts;
    }

    /// <summary>Every n-th element of a range of the first axes.</summary>
    private static ImportedValue Part(GraphImport g, ImportNode node, ImportedValue x, long[] begin, long[] end, long[] steps, string name)
    {
        long[] shape = [.. x.Shape];
        var axes = new List<int>();
        for (int i = 0; i < begin.Length; i++)
        {
            if (begin[i] == 0 && end[i] == long.MaxValue && steps[i] == 1)
                continue;
            if (ImportedValue.IsOpen(begin[i]) || end[i] == ImportedValue.Computed || end[i] == ImportedValue.Unknown && steps[i] > 0)
                throw node.Error("its bounds depend on the batch.");
            axes.Add(i);
            shape[i] = x.Shape[i] < 0 ? -1 : Count(x.Shape[i], begin[i], end[i], steps[i]);
        }
        if (axes.Count == 0)
            return x;
        string[] inputs =
        [
            x.ChannelsFirst ? x.Name : g.Plain(x),
            g.Int64s(name + "/begin", [.. axes.Select(i => begin[i])]),
            g.Int64s(name + "/end", [.. axes.Select(i => end[i])]),
            g.Int64s(name + "/axes", [.. axes.Select(i => GraphImport.Axis(x, i))]),
            g.Int64s(name + "/steps", [.. axes.Select(i => steps[i])]),
        ];
        return new ImportedValue(g.Emit("Slice", name, inputs), x.Type, shape) { ChannelsFirst = x.ChannelsFirst };
    }

    private static ImportedValue OfSizes(ImportNode node, ImportedValue x, long[] values, long begin, long end, long step, bool single)
    {
        long[] taken = [.. Places(values.Length, begin, end, step).Select(i => values[i])];
        if (!single)
            return new ImportedValue(node.Name, x.Type, [taken.Length]) { Ints = taken };
        return taken.Length == 1
            ? new ImportedValue(node.Name, x.Type, []) { Ints = taken }
            : throw node.Error("takes an element that is not there.");
    }

    /// <summary>The places that a range takes of a dimension, as Python counts them.</summary>
    private static IEnumerable<long> Places(long size, long begin, long end, long step)
    {
        (long from, long to) = Clamped(size, begin, end, step);
        for (long i = from; step > 0 ? i < to : i > to; i += step)
            yield return i;
    }

    private static long Count(long size, long begin, long end, long step)
    {
        (long from, long to) = Clamped(size, begin, end, step);
        long distance = step > 0 ? to - from : from - to;
        return distance <= 0 ? 0
            : step == long.MinValue ? 1
            : ((distance - 1) / Math.Abs(step)) + 1;
    }

    private static (long From, long To) Clamped(long size, long begin, long end, long step)
    {
        (long low, long high) = step > 0 ? (0, size) : (-1, size - 1);
        return (
            Math.Clamp(begin < 0 ? begin + size : begin, low, high),
            end == long.MinValue ? -1 : Math.Clamp(end < 0 ? end + size : end, low, high)
        );
    }
}
