using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExtensions.Data;
using MLNetExtensions.Data.Schema;

namespace MLNetExtensions.Trainers;

/// <summary>
/// Checks that a validation set's labels mean the same as the training rows' labels. Keys are numbers that only a column's key values
/// explain. Two views that were mapped to keys separately number them in the order of their first rows.
/// </summary>
internal static class ValidationLabels
{
    private const int Named = 10;

    /// <summary>Checks the column, and finds what its keys are among those of the training rows.</summary>
    /// <param name="options">The trainer's.</param>
    /// <param name="training">The training rows' label column.</param>
    /// <returns>For each key of the validation set, from 0, the same value's key among the training rows; null if all keys are the
    /// same.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The column is missing or of another type.</exception>
    /// <exception cref="ArgumentException">It has values that the training rows' column does not have.</exception>
    public static int[]? Map(ImageTrainerOptions options, DataViewSchema.Column training)
    {
        if (options.ValidationSet is not { } set)
            return null;
        string name = training.Name,
            place = nameof(ImageTrainerOptions.ValidationSet);
        LabeledTask task = LabeledTask.Of(options.Task);
        if (set.Schema.GetColumnOrNull(name) is not { } column)
            throw new ArgumentOutOfRangeException(
                place,
                $"Could not find label column '{name}' in {place}; its columns are "
                    + $"{string.Join(", ", set.Schema.Where(c => !c.IsHidden).Select(c => $"'{c.Name}'"))}"
            );
        if (!task.Fits(SchemaShapes.Find(SchemaShapes.Of(set.Schema), name)!.Value))
            throw new ArgumentOutOfRangeException(
                place,
                $"Schema mismatch for label column '{name}' of {place}: expected {task.Expected}, got {column.Type}"
            );
        if (!task.HasClasses)
        {
            CheckValues(column, training, place);
            return null;
        }
        ClassLabels known = ClassLabels.Of(training),
            given = ClassLabels.Of(column);
        if (known.Names is not { } names || given.Names is not { } values)
            return given.Count <= known.Count
                ? null
                : throw new ArgumentException(
                    $"Label column '{name}' of {place} has {given.Count} keys, that of the training rows {known.Count}. Map both with "
                        + $"the same MapValueToKey.",
                    place
                );
        var keys = new Dictionary<string, int>();
        foreach ((int key, string value) in names.Index())
            keys.TryAdd(value, key);
        string[] unknown = [.. values.Where(value => !keys.ContainsKey(value))];
        if (unknown.Length > 0)
            throw new ArgumentException(
                $"Label column '{name}' of {place} has values that the training rows' column does not have: "
                    + $"{string.Join(", ", unknown.Take(Named).Select(v => $"'{v}'"))}{(unknown.Length > Named ? ", ..." : "")}. "
                    + $"Those of the training rows are "
                    + $"{string.Join(", ", names.Take(Named).Select(v => $"'{v}'"))}{(names.Count > Named ? ", ..." : "")}. Leave such "
                    + $"rows out, or map keys over both sets together.",
                place
            );
        int[] map = [.. values.Select(value => keys[value])];
        return map.Index().All(entry => entry.Item == entry.Index) ? null : map;
    }

    /// <summary>Checks labels that are not classes: several labels must be the same in the same order.</summary>
    private static void CheckValues(DataViewSchema.Column column, DataViewSchema.Column training, string place)
    {
        if (column.Type is not VectorDataViewType { Size: var size } || training.Type is not VectorDataViewType { Size: var expected })
            return;
        if (size != expected)
            throw new ArgumentException(
                $"Label column '{column.Name}' of {place} has {size} labels a row, that of the training rows {expected}.",
                place
            );
        if (!column.HasSlotNames() || !training.HasSlotNames())
            return;
        string[] given = Names(column),
            known = Names(training);
        for (int slot = 0; slot < size; slot++)
            if (given[slot] != known[slot])
                throw new ArgumentException(
                    $"Label {slot} of column '{column.Name}' is '{given[slot]}' in {place} and '{known[slot]}' in the training rows. "
                        + $"Make both columns of the same labels in the same order.",
                    place
                );

        static string[] Names(DataViewSchema.Column labels)
        {
            VBuffer<ReadOnlyMemory<char>> slots = default;
            labels.GetSlotNames(ref slots);
            return [.. slots.DenseValues().Select(slot => slot.ToString())];
        }
    }
}
