using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExtensions.Data;
using MLNetExtensions.Data.Schema;

namespace MLNetExtensions.Scoring.Columns;

/// <summary>Reads features into memory, of more rows than wanted a drawn part.</summary>
internal static class FeatureReader
{
    /// <param name="data">The rows.</param>
    /// <param name="features">The column of features.</param>
    /// <param name="label">The column of classes; null for none.</param>
    /// <param name="maxRows">The most rows.</param>
    /// <param name="seed">Draws (reservoir sampling).</param>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of another type.</exception>
    /// <exception cref="InvalidDataException">A row has no label, or a feature is not finite.</exception>
    /// <exception cref="ArgumentException">There are no rows.</exception>
    public static FeatureRows Read(IDataView data, string features, string? label, int maxRows, int seed)
    {
        int length = ColumnGraph.LengthOf(data.Schema, features);
        DataViewSchema.Column column = data.Schema[features];
        if (column.Type is not VectorDataViewType)
            throw new ArgumentOutOfRangeException(
                nameof(data),
                $"Schema mismatch for feature column '{features}': expected Vector<Single> of known size, got {column.Type}"
            );
        DataViewSchema.Column? classes = null;
        if (label is not null)
        {
            classes = data.Schema.GetColumnOrNull(label) ?? throw MissingColumn.In(data.Schema, "label", label);
            if (LabelReader.WidthOf(classes.Value) != 0)
                throw new ArgumentOutOfRangeException(
                    nameof(data),
                    $"Schema mismatch for label column '{label}': expected Key (as MapValueToKey makes), got {classes.Value.Type}"
                );
        }
        var random = new Random(seed);
        var values = new List<float>();
        var labels = new List<int>();
        using DataViewRowCursor cursor = data.GetRowCursor(classes is { } read ? [column, read] : [column]);
        ValueGetter<VBuffer<float>> getter = cursor.GetGetter<VBuffer<float>>(column);
        LabelReader? labelReader = classes is { } known ? LabelReader.Create(cursor, known) : null;
        var slot = new RowSlot(canvasBytes: 0);
        VBuffer<float> buffer = default;
        float[] row = new float[length];
        for (long seen = 0; cursor.MoveNext(); seen++)
        {
            getter(ref buffer);
            buffer.CopyTo(row);
            foreach (float value in row)
                if (!float.IsFinite(value))
                    throw new InvalidDataException(
                        $"Row {cursor.Position}: a value of column '{features}' is {value}; features must be finite."
                    );
            if (labelReader is not null && !labelReader.Read(slot))
                throw new InvalidDataException(
                    $"Row {cursor.Position} has no label: the key of column '{label}' is missing. Label the row or filter it out."
                );
            if (seen < maxRows)
            {
                values.AddRange(row);
                labels.Add(slot.Label);
            }
            else if (random.NextInt64(seen + 1) is var place && place < maxRows)
            {
                row.CopyTo(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(values).Slice((int)place * length, length));
                labels[(int)place] = slot.Label;
            }
        }
        if (labels.Count == 0)
            throw new ArgumentException("There are no rows.", nameof(data));
        return new FeatureRows([.. values], length, label is null ? null : [.. labels]);
    }
}
