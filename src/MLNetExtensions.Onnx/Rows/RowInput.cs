namespace MLNetExtensions.Onnx.Rows;

/// <summary>An input of a graph and where rows are in it.</summary>
/// <param name="Name">The input's name.</param>
/// <param name="Axis">The dimension that counts rows.</param>
/// <param name="Sizes">The sizes of its dimensions, -1 if one is not known; null if their number is not known.</param>
internal sealed record RowInput(string Name, int Axis, IReadOnlyList<long>? Sizes)
{
    public RowValue ToValue() =>
        RowValue.Rows(
            Axis,
            Sizes
                ?.Select(
                    (size, axis) =>
                        axis == Axis ? RowSize.Rows(1)
                        : size < 0 ? RowSize.Fixed
                        : RowSize.Of(size)
                )
                .ToArray()
        );
}
