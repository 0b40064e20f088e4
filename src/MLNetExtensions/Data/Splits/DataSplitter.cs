using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExtensions.Data.Schema;

namespace MLNetExtensions.Data.Splits;

/// <summary>Reads the columns that decide a split and makes views of its parts.</summary>
internal static class DataSplitter
{
    /// <summary>Splits a view; the images are not read.</summary>
    /// <param name="data">The rows.</param>
    /// <param name="fractions">The share of each part; they add up to 1.</param>
    /// <param name="options">The columns and the seed.</param>
    /// <returns>The row identities of each part.</returns>
    public static HashSet<DataViewRowId>[] Split(IDataView data, double[] fractions, SplitOptions options)
    {
        List<DataViewSchema.Column> columns = [];
        DataViewSchema.Column? stratify = options.StratifyColumnName is null
            ? null
            : data.Schema.GetColumnOrNull(options.StratifyColumnName);
        if (
            stratify is null
            && options.StratifyColumnName is not null
            && options.StratifyColumnName != new SplitOptions().StratifyColumnName
        )
            throw Missing(data, options.StratifyColumnName, nameof(options.StratifyColumnName));
        DataViewSchema.Column? group = options.GroupColumnName is null
            ? null
            : data.Schema.GetColumnOrNull(options.GroupColumnName)
                ?? throw Missing(data, options.GroupColumnName, nameof(options.GroupColumnName));
        if (stratify is { } first)
            columns.Add(first);
        if (group is { } second && second.Index != stratify?.Index)
            columns.Add(second);

        var classes = new Numbering();
        var groups = new Numbering();
        List<DataViewRowId> ids = [];
        using (DataViewRowCursor cursor = data.GetRowCursor(columns))
        {
            Func<string>? readClass = stratify is { } s ? ColumnText.Reader(cursor, s) : null;
            Func<string>? readGroup = group is { } g ? ColumnText.Reader(cursor, g) : null;
            ValueGetter<DataViewRowId> readId = cursor.GetIdGetter();
            DataViewRowId id = default;
            while (cursor.MoveNext())
            {
                readId(ref id);
                ids.Add(id);
                classes.Add(readClass?.Invoke() ?? "");
                if (readGroup is not null)
                    groups.Add(readGroup());
            }
        }
        if (ids.Count == 0)
            throw new ArgumentException("The data have no rows to split.", nameof(data));

        int[] parts = group is null
            ? RowAssignment.Rows(classes.Numbers, fractions, options.Seed)
            : RowAssignment.Groups(classes.Numbers, groups.Numbers, fractions, options.Seed);
        HashSet<DataViewRowId>[] rows = [.. fractions.Select(_ => new HashSet<DataViewRowId>())];
        for (int row = 0; row < parts.Length; row++)
            rows[parts[row]].Add(ids[row]);
        if (rows.Sum(part => part.Count) != ids.Count)
            throw new ArgumentException(
                "Rows of the data share their identity, so they cannot be told apart. Split ml.Data.Cache(data) instead.",
                nameof(data)
            );
        for (int part = 0; part < rows.Length; part++)
            if (rows[part].Count == 0)
                throw new ArgumentException(
                    $"There are too few rows{(group is null ? "" : " or groups")} to split: {ids.Count} rows"
                        + (group is null ? "" : $" in {groups.Count} groups")
                        + $" leave a part with a share of {fractions[part]:0.###} empty."
                        + (
                            stratify is null
                                ? ""
                                : $" '{stratify.Value.Name}' has {classes.Count} values, and each keeps a row to train on; set "
                                    + $"StratifyColumnName to null where it is no class."
                        ),
                    nameof(data)
                );
        return rows;
    }

    private static ArgumentOutOfRangeException Missing(IDataView data, string name, string option) =>
        MissingColumn.In(data.Schema, "", name, $"Name another in SplitOptions.{option}.", nameof(data));

    /// <summary>Numbers values in the order of their first appearance.</summary>
    private sealed class Numbering
    {
        private readonly Dictionary<string, int> _numberOf = [];
        private readonly List<int> _numbers = [];

        public ReadOnlySpan<int> Numbers => System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_numbers);

        public int Count => _numberOf.Count;

        public void Add(string value)
        {
            if (!_numberOf.TryGetValue(value, out int number))
                _numberOf[value] = number = _numberOf.Count;
            _numbers.Add(number);
        }
    }
}
