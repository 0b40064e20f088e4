using System.Globalization;
using System.Text;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExtensions.Data;
using MLNetExtensions.Data.Schema;

namespace MLNetExtensions.Uncertainty.Conformal;

/// <summary>How often sets of classes hold the true one, and how large they are. <see cref="ToString()"/> prints it.</summary>
public sealed record PredictionSetReport
{
    private PredictionSetReport() { }

    /// <summary>The number of rows.</summary>
    public required long Count { get; init; }

    /// <summary>The part of rows whose set holds the true class.</summary>
    public required double Coverage { get; init; }

    /// <summary>The mean number of classes of a set.</summary>
    public required double MeanSize { get; init; }

    /// <summary>The number of rows by the size of their set, from 0 classes to all.</summary>
    public required IReadOnlyList<long> Sizes { get; init; }

    /// <summary>The coverage of the rows of each class.</summary>
    public required IReadOnlyList<ClassCoverage> Classes { get; init; }

    /// <summary>Formats the figures.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"Rows: {Count}, coverage: {Coverage:0.000}, mean size of a set: {MeanSize:0.00}\n");
        for (int size = 0; size < Sizes.Count; size++)
            if (Sizes[size] > 0)
                text.Append(CultureInfo.InvariantCulture, $"{size, 6} classes: {(double)Sizes[size] / Count, 6:0.0%} of the rows\n");
        foreach (ClassCoverage c in Classes)
            text.Append(CultureInfo.InvariantCulture, $"{c.Name, 20}  coverage {c.Coverage:0.000}  rows {c.Count}\n");
        return text.ToString();
    }

    internal static PredictionSetReport Of(IDataView data, string labelName, string setName)
    {
        DataViewSchema.Column label = data.Schema.GetColumnOrNull(labelName) ?? throw MissingColumn.In(data.Schema, "label", labelName),
            set = data.Schema.GetColumnOrNull(setName) ?? throw MissingColumn.In(data.Schema, "input", setName);
        if (label.Type is not KeyDataViewType { RawType: var raw } || raw != typeof(uint))
            throw Mismatch(label, "Key (as MapValueToKey makes)");
        ClassLabels classes = ClassLabels.Of(label);
        if (set.Type is not VectorDataViewType { ItemType: BooleanDataViewType } vector || vector.Size != classes.Count)
            throw Mismatch(set, $"Vector<Boolean, {classes.Count}> (ConformalSets makes it)");
        long[] sizes = new long[classes.Count + 1],
            rows = new long[classes.Count],
            covered = new long[classes.Count];
        using (DataViewRowCursor cursor = data.GetRowCursor([label, set]))
        {
            ValueGetter<uint> readKey = cursor.GetGetter<uint>(label);
            ValueGetter<VBuffer<bool>> readSet = cursor.GetGetter<VBuffer<bool>>(set);
            VBuffer<bool> members = default;
            uint key = 0;
            while (cursor.MoveNext())
            {
                readKey(ref key);
                if (key == 0)
                    throw new InvalidDataException($"Row {cursor.Position} has no label: the key of column '{labelName}' is missing.");
                readSet(ref members);
                int size = 0;
                foreach (bool member in members.GetValues())
                    size += member ? 1 : 0;
                sizes[size]++;
                rows[key - 1]++;
                covered[key - 1] += members.GetItemOrDefault((int)key - 1) ? 1 : 0;
            }
        }
        long count = rows.Sum();
        if (count == 0)
            throw new ArgumentException("There are no rows, so there is nothing to measure.", nameof(data));
        return new PredictionSetReport
        {
            Count = count,
            Coverage = (double)covered.Sum() / count,
            MeanSize = sizes.Select((n, size) => (double)n * size).Sum() / count,
            Sizes = sizes,
            Classes = [.. classes.Texts.Select((name, c) => new ClassCoverage(name, rows[c], (double)covered[c] / rows[c]))],
        };
    }

    private static ArgumentOutOfRangeException Mismatch(DataViewSchema.Column column, string expected) =>
        new("data", $"Schema mismatch for column '{column.Name}': expected {expected}, got {column.Type}");
}
