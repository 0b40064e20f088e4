using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExtensions.Data;
using MLNetExtensions.Data.Schema;

namespace MLNetExtensions.Training.Metrics.Detections;

/// <summary>Reads the columns that a detection report compares, in one pass.</summary>
internal static class DetectionColumns
{
    public static DetectionRows Read(IDataView data, DetectionReportOptions options)
    {
        DataViewSchema.Column label = Find(data, options.LabelColumnName),
            boxes = Find(data, options.BoundingBoxesColumnName),
            predicted = Find(data, options.PredictedLabelColumnName),
            found = Find(data, options.PredictedBoundingBoxesColumnName),
            score = Find(data, options.ScoreColumnName);
        DataViewSchema.Column? crowd = options.IsCrowdColumnName is { } name ? data.Schema.GetColumnOrNull(name) : null;
        foreach (DataViewSchema.Column keys in new[] { label, predicted })
            if (keys.Type is not VectorDataViewType { ItemType: KeyDataViewType { RawType: var raw } } || raw != typeof(uint))
                throw Mismatch(keys, "Vector<Key<UInt32>>");
        foreach (DataViewSchema.Column numbers in new[] { boxes, found, score })
            if (numbers.Type is not VectorDataViewType { ItemType: NumberDataViewType item } || item != NumberDataViewType.Single)
                throw Mismatch(numbers, "Vector<Single>");
        if (crowd is { Type: not VectorDataViewType { ItemType: BooleanDataViewType } } other)
            throw Mismatch(other, "Vector<Boolean>");

        IReadOnlyList<string> classes = ClassLabels.NamesOfItems(label);
        int[] classOf = Match(classes, ClassLabels.NamesOfItems(predicted));
        List<ImageBoxes> images = [];
        List<DataViewRowId> ids = [];
        long others = 0;
        using DataViewRowCursor cursor = data.GetRowCursor([label, boxes, predicted, found, score, .. crowd is { } c ? new[] { c } : []]);
        Func<uint[]> readLabel = Reader<uint>(cursor, label),
            readPredicted = Reader<uint>(cursor, predicted);
        Func<float[]> readBoxes = Reader<float>(cursor, boxes),
            readFound = Reader<float>(cursor, found),
            readScore = Reader<float>(cursor, score);
        Func<bool[]>? readCrowd = crowd is { } column ? Reader<bool>(cursor, column) : null;
        ValueGetter<DataViewRowId> readId = cursor.GetIdGetter();
        DataViewRowId id = default;
        while (cursor.MoveNext())
        {
            readId(ref id);
            ids.Add(id);
            int[] labels = [.. readLabel().Select(key => (int)key - 1)];
            float[] own = Boxes(cursor, boxes, readBoxes(), labels.Length, label);
            if (labels.Contains(-1))
                throw new InvalidDataException(
                    $"Row {cursor.Position}, box {Array.IndexOf(labels, -1)}: the key of column '{label.Name}' is missing. Label the box."
                );
            bool[]? crowds = readCrowd?.Invoke();
            if (crowds is not null && crowds.Length != labels.Length)
                throw Length(cursor, crowd!.Value, crowds.Length, $"{labels.Length}, one for each of '{label.Name}'");
            uint[] keys = readPredicted();
            float[] all = Boxes(cursor, found, readFound(), keys.Length, predicted);
            float[] scores = readScore();
            if (scores.Length != keys.Length)
                throw Length(cursor, score, scores.Length, $"{keys.Length}, one for each of '{predicted.Name}'");
            int[] known = [.. Enumerable.Range(0, keys.Length).Where(i => keys[i] > 0 && classOf[keys[i] - 1] >= 0)];
            others += keys.Length - known.Length;
            images.Add(
                new ImageBoxes(
                    own,
                    labels,
                    crowds,
                    [.. known.SelectMany(i => all[(4 * i)..((4 * i) + 4)])],
                    [.. known.Select(i => classOf[keys[i] - 1])],
                    [.. known.Select(i => scores[i])]
                )
            );
        }
        return images.Count == 0
            ? throw new ArgumentException("There are no rows: nothing can be measured.", nameof(data))
            : new DetectionRows(images, ids, classes, others);
    }

    /// <summary>The label's class of each predicted one, by name; -1 where the label has none.</summary>
    private static int[] Match(IReadOnlyList<string> classes, IReadOnlyList<string> predicted)
    {
        var index = classes.Select((name, i) => (name, i)).ToDictionary(c => c.name, c => c.i, StringComparer.Ordinal);
        int[] matches = [.. predicted.Select(name => index.GetValueOrDefault(name, -1))];
        return Array.TrueForAll(matches, i => i < 0)
            ? throw new InvalidDataException(
                $"The model's classes ({Shown(predicted)}) are none of the labels' ({Shown(classes)}). Give the model the labels' names, "
                    + "by the option Labels of its decoding."
            )
            : matches;
    }

    private static string Shown(IReadOnlyList<string> names) => string.Join(", ", names.Take(5)) + (names.Count > 5 ? " ..." : "");

    private static float[] Boxes(
        DataViewRowCursor cursor,
        DataViewSchema.Column column,
        float[] values,
        int count,
        DataViewSchema.Column keys
    )
    {
        if (values.Length != 4 * count)
            throw Length(cursor, column, values.Length, $"{4 * count}: left, top, right, bottom for each of the {count} of '{keys.Name}'");
        for (int i = 0; i < count; i++)
            if (
                !Array.TrueForAll(values[(4 * i)..((4 * i) + 4)], float.IsFinite)
                || values[4 * i] > values[(4 * i) + 2]
                || values[(4 * i) + 1] > values[(4 * i) + 3]
            )
                throw new InvalidDataException(
                    $"Row {cursor.Position}, box {i} of column '{column.Name}' is ({string.Join(", ", values[(4 * i)..((4 * i) + 4)].Select(value => $"{value:R}"))}): "
                        + "expected left, top, right, bottom in pixels, left <= right and top <= bottom."
                );
        return values;
    }

    private static InvalidDataException Length(DataViewRowCursor cursor, DataViewSchema.Column column, int length, string expected) =>
        new($"Row {cursor.Position}: column '{column.Name}' has {length} values; expected {expected}.");

    private static DataViewSchema.Column Find(IDataView data, string name) =>
        data.Schema.GetColumnOrNull(name) ?? throw MissingColumn.In(data.Schema, "", name, parameter: "scored");

    private static ArgumentOutOfRangeException Mismatch(DataViewSchema.Column column, string expected) =>
        new("scored", $"Schema mismatch for column '{column.Name}': expected {expected}, got {column.Type}");

    private static Func<T[]> Reader<T>(DataViewRowCursor cursor, DataViewSchema.Column column)
    {
        ValueGetter<VBuffer<T>> getter = cursor.GetGetter<VBuffer<T>>(column);
        VBuffer<T> value = default;
        return () =>
        {
            getter(ref value);
            return [.. value.DenseValues()];
        };
    }
}
