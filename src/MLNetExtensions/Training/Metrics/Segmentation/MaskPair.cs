using Microsoft.ML.Data;
using MLNetExtensions.Imaging.Decoding;

namespace MLNetExtensions.Training.Metrics.Segmentation;

/// <summary>A row's true and predicted class of each pixel; both are overwritten by the next row.</summary>
/// <param name="row">The row, from 0.</param>
/// <param name="id">Its id.</param>
/// <param name="size">The size of both.</param>
/// <param name="truth">The true indices.</param>
/// <param name="found">The predicted ones.</param>
/// <param name="ignoredIndex">The index of true pixels that do not count; null if all do.</param>
internal readonly ref struct MaskPair(
    long row,
    DataViewRowId id,
    ImageSize size,
    ReadOnlySpan<byte> truth,
    ReadOnlySpan<byte> found,
    int? ignoredIndex
)
{
    public long Row { get; } = row;

    public DataViewRowId Id { get; } = id;

    public ImageSize Size { get; } = size;

    public ReadOnlySpan<byte> Truth { get; } = truth;

    public ReadOnlySpan<byte> Found { get; } = found;

    public int? IgnoredIndex { get; } = ignoredIndex;
}
