using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExtensions.Imaging.Masks;

namespace MLNetExtensions.Data.Masks;

/// <summary>The classes of a column of masks, and the meaning of its pixels; annotations of the column carry both.</summary>
/// <param name="Names">The names by index, background included.</param>
/// <param name="Format">The meaning of pixels.</param>
internal sealed record MaskClasses(IReadOnlyList<string> Names, MaskFormat Format)
{
    private const string IgnoredKind = "MLNetExtensions.IgnoredIndex",
        ColorsKind = "MLNetExtensions.MaskColors",
        IndicesKind = "MLNetExtensions.MaskIndices";

    // No index is negative.
    private const int NoIgnoredIndex = -1;

    /// <summary>The annotations that say all this.</summary>
    public DataViewSchema.Annotations ToAnnotations()
    {
        var builder = new DataViewSchema.Annotations.Builder();
        ClassLabels.Of(Names).Annotate(builder, ClassLabels.KeyValues);
        builder.Add(
            IgnoredKind,
            NumberDataViewType.Int32,
            (ValueGetter<int>)((ref int value) => value = Format.IgnoredIndex ?? NoIgnoredIndex)
        );
        if (Format.Colors is { } colors)
        {
            Vector(builder, ColorsKind, NumberDataViewType.UInt32, [.. colors.Keys]);
            Vector(builder, IndicesKind, NumberDataViewType.Byte, [.. colors.Values]);
        }
        return builder.ToAnnotations();
    }

    /// <summary>What a column's annotations say; null if it has none.</summary>
    public static MaskClasses? Of(DataViewSchema.Column column)
    {
        DataViewSchema annotations = column.Annotations.Schema;
        if (annotations.GetColumnOrNull(IgnoredKind) is null || annotations.GetColumnOrNull(ClassLabels.KeyValues) is null)
            return null;
        VBuffer<ReadOnlyMemory<char>> names = default;
        column.GetKeyValues(ref names);
        int ignored = 0;
        column.Annotations.GetValue(IgnoredKind, ref ignored);
        Dictionary<uint, byte>? colors = null;
        if (annotations.GetColumnOrNull(ColorsKind) is not null)
        {
            VBuffer<uint> keys = default;
            VBuffer<byte> indices = default;
            column.Annotations.GetValue(ColorsKind, ref keys);
            column.Annotations.GetValue(IndicesKind, ref indices);
            colors = keys.DenseValues().Zip(indices.DenseValues()).ToDictionary(pair => pair.First, pair => pair.Second);
        }
        return new MaskClasses(
            [.. names.DenseValues().Select(name => name.ToString())],
            new MaskFormat
            {
                ClassCount = names.Length,
                IgnoredIndex = ignored == NoIgnoredIndex ? null : ignored,
                Colors = colors,
            }
        );
    }

    private static void Vector<T>(DataViewSchema.Annotations.Builder builder, string kind, PrimitiveDataViewType type, T[] values) =>
        builder.Add(
            kind,
            new VectorDataViewType(type, values.Length),
            (ValueGetter<VBuffer<T>>)((ref VBuffer<T> value) => value = new VBuffer<T>(values.Length, values))
        );
}
