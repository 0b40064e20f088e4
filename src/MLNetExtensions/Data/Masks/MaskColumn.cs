using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExtensions.Data.Schema;
using MLNetExtensions.Imaging.Masks;

namespace MLNetExtensions.Data.Masks;

/// <summary>
/// A column of masks: paths of files (<c>MaskPath</c>), or bytes of them (<c>Mask</c>). A <see cref="MaskReader"/> reads what it gives, on
/// any thread.
/// </summary>
internal static class MaskColumn
{
    /// <summary>The column of masks of a schema; null if there is none.</summary>
    public static DataViewSchema.Column? Find(DataViewSchema schema) =>
        schema.GetColumnOrNull(DefaultColumnNames.Mask) ?? schema.GetColumnOrNull(DefaultColumnNames.MaskPath);

    /// <summary>Gives the mask of each row of a cursor; bytes are a copy.</summary>
    /// <param name="row">The cursor.</param>
    /// <param name="column">The column.</param>
    /// <param name="folder">The folder that relative paths start from; null for the working folder.</param>
    /// <exception cref="ArgumentOutOfRangeException">The column is of another type.</exception>
    public static Func<EncodedMask> Reader(DataViewRow row, DataViewSchema.Column column, string? folder = null)
    {
        if (column.Type is TextDataViewType)
        {
            ValueGetter<ReadOnlyMemory<char>> path = row.GetGetter<ReadOnlyMemory<char>>(column);
            ReadOnlyMemory<char> text = default;
            return () =>
            {
                path(ref text);
                return new EncodedMask(folder is null ? text.ToString() : Path.Combine(folder, text.ToString()), default);
            };
        }
        if (column.Type is not VectorDataViewType { ItemType: NumberDataViewType item } || item != NumberDataViewType.Byte)
            throw new ArgumentOutOfRangeException(
                "schema",
                $"Schema mismatch for mask column '{column.Name}': expected Text (the path of a PNG or BMP file) or Vector<Byte> (the bytes of "
                    + $"one), got {column.Type}"
            );
        ValueGetter<VBuffer<byte>> bytes = row.GetGetter<VBuffer<byte>>(column);
        VBuffer<byte> buffer = default;
        return () =>
        {
            bytes(ref buffer);
            return new EncodedMask(null, buffer.DenseValues().ToArray());
        };
    }
}
