using System.Numerics.Tensors;

namespace MLNetExtensions.Training.Metrics;

/// <summary>Checks of a table of a probability for each row and class.</summary>
internal static class ProbabilityTable
{
    /// <summary>Throws where the sizes do not fit.</summary>
    public static void CheckSizes(int values, int labels, IReadOnlyList<string> classes, string tableName)
    {
        ArgumentNullException.ThrowIfNull(classes);
        if (classes.Count == 0)
            throw new ArgumentException("There are no classes.", nameof(classes));
        if (labels == 0)
            throw new ArgumentException("There are no rows, so there is nothing to measure.", nameof(labels));
        if (values != (long)labels * classes.Count)
            throw new ArgumentException(
                $"{labels} rows of {classes.Count} classes need {(long)labels * classes.Count} values, got {values}.",
                tableName
            );
    }

    /// <summary>Throws where a label is no class.</summary>
    public static void CheckLabel(int label, int row, int classCount)
    {
        if ((uint)label >= (uint)classCount)
            throw new ArgumentException(
                $"Row {row} has the label {label}; labels are 0 to {classCount - 1}. "
                    + "A missing label cannot be measured: take such rows out.",
                nameof(label)
            );
    }

    /// <summary>Throws where a value is no probability.</summary>
    public static void CheckProbabilities(ReadOnlySpan<float> row, int index)
    {
        // Both pass a NaN on, and a NaN fails both.
        if (TensorPrimitives.Min(row) >= -1e-4f && TensorPrimitives.Max(row) <= 1.0001f)
            return;
        foreach (float value in row)
            if (!(value >= -1e-4f && value <= 1.0001f))
                throw new ArgumentException(
                    $"Row {index} has the probability {value}; probabilities are 0 to 1. "
                        + "For logits, take the softmax (or the sigmoid for several labels) first.",
                    "probabilities"
                );
    }

    /// <summary>Throws where the classes' probabilities are none, or do not add up to 1.</summary>
    public static void CheckDistribution(ReadOnlySpan<float> row, int index)
    {
        CheckProbabilities(row, index);
        float sum = TensorPrimitives.Sum(row);
        if (Math.Abs(sum - 1) > 0.02f) // bfloat16 scores are this far off
            throw new ArgumentException(
                $"The probabilities of row {index} add up to {sum}, not 1. For logits, take the softmax first; "
                    + "for several labels a row, use MultiLabelReport.",
                "probabilities"
            );
    }
}
