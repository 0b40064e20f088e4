using MLNetExtensions.Data;

namespace MLNetExtensions.Trainers;

/// <summary>The labels of the rows that were read: classes, or values.</summary>
internal sealed class RowLabels
{
    private readonly List<int> _classes = [];
    private readonly List<float> _values = [];

    /// <summary>The new keys of the classes of rows added from now on; null to keep them.</summary>
    public int[]? Keys { get; set; }

    /// <summary>The number of rows.</summary>
    public int Count => _classes.Count;

    /// <summary>The class of each row, from 0; -1 if labels are not classes.</summary>
    public int[] Classes => [.. _classes];

    /// <summary>The values of all rows, one row after another; empty if labels are classes.</summary>
    public float[] Values => [.. _values];

    public void Add(ImageBatch batch)
    {
        foreach (int label in batch.Labels)
            _classes.Add(Of(label));
        _values.AddRange(batch.LabelValues);
    }

    public void Add(RowSlot row)
    {
        _classes.Add(Of(row.Label));
        _values.AddRange(row.LabelValues);
    }

    /// <summary>Adds a row of others.</summary>
    public void Add(RowLabels others, int row)
    {
        int width = others._values.Count / others.Count;
        _classes.Add(others._classes[row]);
        _values.AddRange(others._values.Slice(row * width, width));
    }

    private int Of(int label) => Keys is null || label < 0 ? label : Keys[label];
}
