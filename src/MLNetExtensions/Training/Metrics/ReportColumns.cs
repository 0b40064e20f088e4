using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExtensions.Data;
using MLNetExtensions.Data.Schema;

namespace MLNetExtensions.Training.Metrics;

/// <summary>Reads the two columns that a report compares, in one pass.</summary>
internal static class ReportColumns
{
    /// <summary>Reads a table of scores and the class of each row, and names the classes.</summary>
    /// <param name="data">The scored rows.</param>
    /// <param name="labelName">The label column.</param>
    /// <param name="scoreName">The score column.</param>
    /// <param name="ids">Receives the rows' ids, by which they are found again; null if they are not needed.</param>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of another type.</exception>
    /// <exception cref="InvalidDataException">A row has no label, or label and scores are of different classes.</exception>
    public static (float[] Scores, int[] Labels, IReadOnlyList<string> Classes) ReadClasses(
        IDataView data,
        string labelName,
        string scoreName,
        List<DataViewRowId>? ids = null
    )
    {
        DataViewSchema.Column label = Find(data, labelName),
            score = Find(data, scoreName);
        if (label.Type is not KeyDataViewType)
            throw Mismatch(label, "Key (as MapValueToKey makes)");
        int size = ScoreSize(score);
        ClassLabels classes = ClassLabels.Of(label);
        if (classes.Count != size)
            throw new InvalidDataException(
                $"Label column '{labelName}' has {classes.Count} classes, score column '{scoreName}' {size}. "
                    + "Map the label with the transformer that mapped the training set's."
            );
        CheckSameOrder(label, score, classes);

        List<float> scores = [];
        List<int> labels = [];
        using DataViewRowCursor cursor = data.GetRowCursor([label, score]);
        Func<ulong> readKey = KeyReader(cursor, label);
        ValueGetter<VBuffer<float>> readScore = cursor.GetGetter<VBuffer<float>>(score);
        Action noteId = IdReader(cursor, ids);
        VBuffer<float> buffer = default;
        while (cursor.MoveNext())
        {
            noteId();
            ulong key = readKey();
            if (key == 0)
                throw new InvalidDataException(
                    $"Row {cursor.Position} has no label: the key of column '{labelName}' is missing. Label the row or "
                        + "filter it out (FilterRowsByKeyColumnFraction); a value that MapValueToKey has not seen also becomes a "
                        + "missing key."
                );
            readScore(ref buffer);
            Append(scores, buffer);
            labels.Add((int)(key - 1));
        }
        return ([.. scores], [.. labels], classes.Texts);
    }

    /// <summary>
    /// Reads a table of scores and whether each row has each label, and names the labels by the score's slots, or by numbers.
    /// </summary>
    /// <param name="data">The scored rows.</param>
    /// <param name="labelName">The label column.</param>
    /// <param name="scoreName">The score column.</param>
    /// <param name="ids">Receives the rows' ids, by which they are found again; null if they are not needed.</param>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of another type.</exception>
    public static (float[] Scores, bool[] Targets, IReadOnlyList<string> Labels) ReadLabelSets(
        IDataView data,
        string labelName,
        string scoreName,
        List<DataViewRowId>? ids = null
    )
    {
        DataViewSchema.Column label = Find(data, labelName),
            score = Find(data, scoreName);
        int size = ScoreSize(score);
        if (
            label.Type is not VectorDataViewType vector
            || vector.Size != size
            || (vector.ItemType != BooleanDataViewType.Instance && vector.ItemType != NumberDataViewType.Single)
        )
            throw Mismatch(label, $"Vector<Boolean, {size}> or Vector<Single, {size}> (1 where a row has the label, 0 where not)");

        List<float> scores = [];
        List<bool> targets = [];
        using DataViewRowCursor cursor = data.GetRowCursor([label, score]);
        ValueGetter<VBuffer<float>> readScore = cursor.GetGetter<VBuffer<float>>(score);
        Action readTargets =
            vector.ItemType == BooleanDataViewType.Instance
                ? TargetReader<bool>(cursor, label, value => value, targets)
                : TargetReader<float>(
                    cursor,
                    label,
                    value =>
                        value switch
                        {
                            0 => false,
                            1 => true,
                            _ => throw new InvalidDataException(
                                $"Row {cursor.Position}: label column '{labelName}' holds {value}; expected 0 or 1."
                            ),
                        },
                    targets
                );
        Action noteId = IdReader(cursor, ids);
        VBuffer<float> buffer = default;
        while (cursor.MoveNext())
        {
            noteId();
            readScore(ref buffer);
            Append(scores, buffer);
            readTargets();
        }
        return (
            [.. scores],
            [.. targets],
            SlotNames(score) ?? [.. Enumerable.Range(0, size).Select(i => i.ToString(System.Globalization.CultureInfo.InvariantCulture))]
        );
    }

    /// <summary>Reads a number and a predicted number a row.</summary>
    /// <param name="data">The scored rows.</param>
    /// <param name="labelName">The label column.</param>
    /// <param name="scoreName">The score column.</param>
    /// <param name="ids">Receives the rows' ids, by which they are found again; null if they are not needed.</param>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of another type.</exception>
    public static (float[] Predictions, float[] Targets) ReadNumbers(
        IDataView data,
        string labelName,
        string scoreName,
        List<DataViewRowId>? ids = null
    )
    {
        DataViewSchema.Column label = Find(data, labelName),
            score = Find(data, scoreName);
        List<float> predictions = [],
            targets = [];
        using DataViewRowCursor cursor = data.GetRowCursor([label, score]);
        Func<float> readLabel = NumberReader(cursor, label),
            readScore = NumberReader(cursor, score);
        Action noteId = IdReader(cursor, ids);
        while (cursor.MoveNext())
        {
            noteId();
            targets.Add(readLabel());
            predictions.Add(readScore());
        }
        return ([.. predictions], [.. targets]);
    }

    private static Action IdReader(DataViewRowCursor cursor, List<DataViewRowId>? ids)
    {
        if (ids is null)
            return () => { };
        ValueGetter<DataViewRowId> getter = cursor.GetIdGetter();
        return () =>
        {
            DataViewRowId id = default;
            getter(ref id);
            ids.Add(id);
        };
    }

    private static DataViewSchema.Column Find(IDataView data, string name) =>
        data.Schema.GetColumnOrNull(name) ?? throw MissingColumn.In(data.Schema, "", name, parameter: nameof(data));

    private static int ScoreSize(DataViewSchema.Column score) =>
        score.Type is VectorDataViewType { IsKnownSize: true } vector && vector.ItemType == NumberDataViewType.Single
            ? vector.Size
            : throw Mismatch(score, "Vector<Single> of known size (a probability for each class)");

    private static ArgumentOutOfRangeException Mismatch(DataViewSchema.Column column, string expected) =>
        new("data", $"Schema mismatch for column '{column.Name}': expected {expected}, got {column.Type}");

    // The same classes in another order would give figures that look like those of a bad model.
    private static void CheckSameOrder(DataViewSchema.Column label, DataViewSchema.Column score, ClassLabels classes)
    {
        if (classes.Names is not { } names || SlotNames(score) is not { } slots)
            return;
        for (int i = 0; i < slots.Count; i++)
            if (slots[i] != names[i])
                throw new InvalidDataException(
                    $"Class {i} is '{names[i]}' in label column '{label.Name}', but '{slots[i]}' in score column '{score.Name}'. "
                        + "Map the label with the transformer that mapped the training set's."
                );
    }

    private static IReadOnlyList<string>? SlotNames(DataViewSchema.Column score)
    {
        if (score.Annotations.Schema.GetColumnOrNull("SlotNames") is not { Type: VectorDataViewType { ItemType: TextDataViewType } })
            return null;
        VBuffer<ReadOnlyMemory<char>> names = default;
        score.GetSlotNames(ref names);
        return [.. names.DenseValues().Select(name => name.ToString())];
    }

    private static void Append(List<float> scores, in VBuffer<float> row)
    {
        if (row.IsDense)
            scores.AddRange(row.GetValues());
        else
            scores.AddRange(row.DenseValues());
    }

    private static Func<ulong> KeyReader(DataViewRowCursor cursor, DataViewSchema.Column column) =>
        column.Type.RawType switch
        {
            Type type when type == typeof(byte) => Reader<byte, ulong>(cursor, column, key => key),
            Type type when type == typeof(ushort) => Reader<ushort, ulong>(cursor, column, key => key),
            Type type when type == typeof(uint) => Reader<uint, ulong>(cursor, column, key => key),
            _ => Reader<ulong, ulong>(cursor, column, key => key),
        };

    private static Func<float> NumberReader(DataViewRowCursor cursor, DataViewSchema.Column column)
    {
        if (column.Type == NumberDataViewType.Single)
            return Reader<float, float>(cursor, column, value => value);
        if (column.Type == NumberDataViewType.Double)
            return Reader<double, float>(cursor, column, value => (float)value);
        if (column.Type is not VectorDataViewType { Size: 1 } vector || vector.ItemType != NumberDataViewType.Single)
            throw Mismatch(column, "Single, Double or Vector<Single, 1>");
        return Reader<VBuffer<float>, float>(cursor, column, value => value.GetItemOrDefault(0));
    }

    private static Func<TResult> Reader<T, TResult>(DataViewRowCursor cursor, DataViewSchema.Column column, Func<T, TResult> convert)
    {
        ValueGetter<T> getter = cursor.GetGetter<T>(column);
        T value = default!;
        return () =>
        {
            getter(ref value);
            return convert(value);
        };
    }

    private static Action TargetReader<T>(DataViewRowCursor cursor, DataViewSchema.Column column, Func<T, bool> convert, List<bool> targets)
    {
        ValueGetter<VBuffer<T>> getter = cursor.GetGetter<VBuffer<T>>(column);
        VBuffer<T> value = default;
        return () =>
        {
            getter(ref value);
            foreach (T item in value.DenseValues())
                targets.Add(convert(item));
        };
    }
}
