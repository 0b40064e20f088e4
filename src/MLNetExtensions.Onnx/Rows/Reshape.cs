namespace MLNetExtensions.Onnx.Rows;

/// <summary>Follows rows through Reshape: their dimension stays whole, takes others in behind itself, or gives them off.</summary>
internal static class Reshape
{
    public static RowValue Apply(RowNode node)
    {
        RowValue value = node.Inputs[0];
        // Version 1 had the shape as an attribute; the oldest that is read has it as an input.
        if (node.Input(1)?.Elements is not { } shape)
            return !value.IsRows
                ? value.IsFixed && node.AreFixedBut()
                    ? RowValue.Fixed()
                    : RowValue.Count()
                : node.Hides();
        bool keepsZeros = node.Node.Int("allowzero", 0) == 0;
        RowSize[] sizes =
        [
            .. shape.Select(
                (size, i) =>
                    size.Is(0) && keepsZeros ? value.Sizes?.ElementAtOrDefault(i) ?? RowSize.Fixed
                    : size.Is(-1) ? RowSize.Fixed
                    : size
            ),
        ];
        if (value.Elements is { } elements && sizes.Length <= 1)
            return RowValue.Of(elements, isScalar: sizes.Length == 0);
        if (!value.IsRows)
            return !value.IsFixed ? RowValue.Count(sizes)
                : sizes.All(size => size.IsFixed) ? RowValue.Fixed(sizes)
                : node.Hides();
        if (!keepsZeros && shape.Any(size => size.Is(0)) || FirstBehind(value, shape) is not int place || place >= shape.Count)
            return node.Hides();
        // The dimension in the place of the rows takes all of them; only one dimension may be open.
        bool isRows = shape[place].IsRows || shape[place].Is(-1) || (shape[place].Is(0) && place == value.Axis);
        bool areOthersFixed =
            shape.Where((_, i) => i != place).All(size => size.IsFixed)
            && !shape.Where((size, i) => i > place && size.Is(0) && i == value.Axis).Any();
        if (!isRows || !areOthersFixed || shape.Take(place).Any(size => size.Is(-1)))
            return node.Hides();
        RowSize rows = value.Sizes?[value.Axis] ?? RowSize.Rows();
        sizes[place] =
            shape[place].IsRows ? shape[place]
            : shape[place].Is(0) ? rows
            : Rest(value, sizes, place);
        return RowValue.Rows(place, sizes);
    }

    /// <summary>The number of new dimensions that hold what lay before the rows; null if that does not show.</summary>
    private static int? FirstBehind(RowValue value, IReadOnlyList<RowSize> shape)
    {
        int place = 0;
        if (value.Axis > 0)
        {
            // Dimension by dimension as before, or as many elements.
            if (value.Sizes is null)
                return null;
            RowSize[] before = [.. value.Sizes.Take(value.Axis)];
            if (
                shape
                    .Take(value.Axis)
                    .Select((size, i) => size.Is(0) || size == before[i] && size.Kind == RowSizeKind.Constant)
                    .All(isKept => isKept)
                && shape.Count > value.Axis
            )
                place = value.Axis;
            else
            {
                if (before.Any(size => size.Kind != RowSizeKind.Constant))
                    return null;
                long product = before.Aggregate(1L, (a, b) => a * b.Value),
                    made = 1;
                for (; made < product && place < shape.Count && shape[place] is { Kind: RowSizeKind.Constant, Value: > 0 } size; place++)
                    made *= size.Value;
                if (made != product)
                    return null;
            }
        }
        while (place < shape.Count && shape[place].Is(1))
            place++;
        return place;
    }

    /// <summary>The size of the dimension that gets the rest.</summary>
    private static RowSize Rest(RowValue value, RowSize[] sizes, int place)
    {
        if (value.Sizes is null)
            return RowSize.Rows();
        RowSize all = value.Sizes.Aggregate(RowSize.One, RowSize.Multiply);
        RowSize others = sizes.Where((_, i) => i != place).Aggregate(RowSize.One, RowSize.Multiply);
        RowSize rest = RowSize.Divide(all, others);
        return rest.IsRows ? rest : RowSize.Rows();
    }
}
