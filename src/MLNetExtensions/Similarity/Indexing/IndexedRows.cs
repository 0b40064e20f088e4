using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExtensions.Data.Schema;
using MLNetExtensions.Data.Splits;
using MLNetExtensions.Scoring.Columns;

namespace MLNetExtensions.Similarity.Indexing;

/// <summary>Features with ids and labels in memory.</summary>
/// <param name="Values">[rows, length].</param>
/// <param name="Length">The number of values of a row.</param>
/// <param name="Ids">An id for each row; null for none.</param>
/// <param name="Labels">A label for each row; null for none.</param>
internal sealed record IndexedRows(float[] Values, int Length, IReadOnlyList<string>? Ids, IReadOnlyList<string>? Labels)
{
    public int Count => Values.Length / Length;

    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of another type.</exception>
    /// <exception cref="InvalidDataException">A feature is not finite.</exception>
    /// <exception cref="ArgumentException">There are no rows.</exception>
    public static IndexedRows Read(IDataView data, string features, string? id, string? label)
    {
        int length = ColumnGraph.LengthOf(data.Schema, features);
        DataViewSchema.Column column = data.Schema[features];
        if (column.Type is not VectorDataViewType)
            throw new ArgumentOutOfRangeException(
                nameof(data),
                $"Schema mismatch for feature column '{features}': expected Vector<Single> of known size, got {column.Type}"
            );
        DataViewSchema.Column? idColumn = Find(data, id),
            labelColumn = Find(data, label);
        DataViewSchema.Column[] needed = [column, .. new[] { idColumn, labelColumn }.OfType<DataViewSchema.Column>()];
        using DataViewRowCursor cursor = data.GetRowCursor(needed.DistinctBy(c => c.Index));
        ValueGetter<VBuffer<float>> getter = cursor.GetGetter<VBuffer<float>>(column);
        Func<string>? readId = idColumn is { } i ? ColumnText.Reader(cursor, i) : null,
            readLabel = labelColumn is { } l ? ColumnText.Reader(cursor, l) : null;
        var values = new List<float>();
        List<string>? ids = readId is null ? null : [],
            labels = readLabel is null ? null : [];
        VBuffer<float> buffer = default;
        float[] row = new float[length];
        while (cursor.MoveNext())
        {
            getter(ref buffer);
            buffer.CopyTo(row);
            foreach (float value in row)
                if (!float.IsFinite(value))
                    throw new InvalidDataException(
                        $"Row {cursor.Position}: a value of column '{features}' is {value}; features must be finite."
                    );
            if (values.Count > Array.MaxLength - length)
                throw new ArgumentException(
                    $"More than {values.Count / length} rows of {length} values do not fit one index. Reduce the features (PCA) or build several indexes.",
                    nameof(data)
                );
            values.AddRange(row);
            ids?.Add(readId!());
            labels?.Add(readLabel!());
        }
        if (values.Count == 0)
            throw new ArgumentException("There are no rows.", nameof(data));
        return new IndexedRows([.. values], length, ids, labels);
    }

    private static DataViewSchema.Column? Find(IDataView data, string? name) =>
        name is null ? null : data.Schema.GetColumnOrNull(name) ?? throw MissingColumn.In(data.Schema, "", name, parameter: nameof(data));
}
