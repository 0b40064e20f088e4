using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExtensions.Data.Schema;

namespace MLNetExtensions.Data.Boxes;

/// <summary>Reads the columns of objects: a vector of keys, and a vector of four edges for each.</summary>
internal sealed class BoxColumns
{
    private readonly DataViewSchema.Column _label;
    private readonly DataViewSchema.Column _boxes;
    private readonly DataViewSchema.Column? _crowd;

    /// <param name="schema">The schema of the rows.</param>
    /// <param name="label">The column with a key for each object.</param>
    /// <param name="boundingBoxes">The column with left, top, right and bottom for each object, in pixels of the upright image.</param>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of another type.</exception>
    public BoxColumns(DataViewSchema schema, string label, string boundingBoxes)
    {
        _label = schema.GetColumnOrNull(label) ?? throw MissingColumn.In(schema, "label", label);
        _boxes = schema.GetColumnOrNull(boundingBoxes) ?? throw MissingColumn.In(schema, "bounding box", boundingBoxes);
        _crowd = schema.GetColumnOrNull(DefaultColumnNames.IsCrowd) is { Type: VectorDataViewType { ItemType: BooleanDataViewType } } crowd
            ? crowd
            : null;
        if (_label.Type is not VectorDataViewType { ItemType: KeyDataViewType { RawType: var raw } } || raw != typeof(uint))
            throw Mismatch("label", _label, "Vector<Key<UInt32>>");
        if (_boxes.Type is not VectorDataViewType { ItemType: NumberDataViewType item } || item != NumberDataViewType.Single)
            throw Mismatch("bounding box", _boxes, "Vector<Single>");
    }

    /// <summary>The names of the classes: the key values, or numbers from 0.</summary>
    public IReadOnlyList<string> Classes
    {
        get
        {
            var key = (KeyDataViewType)((VectorDataViewType)_label.Type).ItemType;
            if (
                _label.Annotations.Schema.GetColumnOrNull(ClassLabels.KeyValues)
                is not { Type: VectorDataViewType { ItemType: TextDataViewType } }
            )
                return
                [
                    .. Enumerable
                        .Range(0, checked((int)key.Count))
                        .Select(i => i.ToString(System.Globalization.CultureInfo.InvariantCulture)),
                ];
            VBuffer<ReadOnlyMemory<char>> names = default;
            _label.GetKeyValues(ref names);
            return [.. names.DenseValues().Select(name => name.ToString())];
        }
    }

    /// <summary>Reads the objects of all rows.</summary>
    /// <param name="data">Rows of the schema.</param>
    /// <exception cref="InvalidDataException">A row's columns do not fit together, a key is missing, or a box has no area or is not finite; the
    /// message names row and box.</exception>
    public List<LabeledBox[]> Read(IDataView data)
    {
        var rows = new List<LabeledBox[]>();
        using DataViewRowCursor cursor = data.GetRowCursor([_label, _boxes, .. _crowd is { } crowd ? new[] { crowd } : []]);
        ValueGetter<VBuffer<uint>> getKeys = cursor.GetGetter<VBuffer<uint>>(_label);
        ValueGetter<VBuffer<float>> getBoxes = cursor.GetGetter<VBuffer<float>>(_boxes);
        ValueGetter<VBuffer<bool>>? getCrowds = _crowd is { } column ? cursor.GetGetter<VBuffer<bool>>(column) : null;
        VBuffer<uint> keys = default;
        VBuffer<float> edges = default;
        VBuffer<bool> crowds = default;
        while (cursor.MoveNext())
        {
            getKeys(ref keys);
            getBoxes(ref edges);
            getCrowds?.Invoke(ref crowds);
            if (edges.Length != 4 * keys.Length)
                throw Problem(
                    cursor,
                    $"column '{_boxes.Name}' has {edges.Length} values; expected {4 * keys.Length}: left, top, right, bottom for each of the "
                        + $"{keys.Length} of '{_label.Name}'"
                );
            if (getCrowds is not null && crowds.Length != keys.Length)
                throw Problem(cursor, $"column '{_crowd!.Value.Name}' has {crowds.Length} values; expected {keys.Length}");
            rows.Add(Boxes(cursor, [.. keys.DenseValues()], [.. edges.DenseValues()], [.. crowds.DenseValues()]));
        }
        return rows;
    }

    private LabeledBox[] Boxes(DataViewRowCursor cursor, uint[] keys, float[] edges, bool[] crowds)
    {
        var boxes = new LabeledBox[keys.Length];
        for (int i = 0; i < boxes.Length; i++)
        {
            if (keys[i] == 0)
                throw Problem(cursor, $"box {i}: the key of column '{_label.Name}' is missing. Label the box");
            var box = new LabeledBox(
                (int)keys[i] - 1,
                edges[4 * i],
                edges[4 * i + 1],
                edges[4 * i + 2],
                edges[4 * i + 3],
                crowds.Length > 0 && crowds[i]
            );
            if (!float.IsFinite(box.Left + box.Top + box.Right + box.Bottom) || box.Right <= box.Left || box.Bottom <= box.Top)
                throw Problem(
                    cursor,
                    FormattableString.Invariant(
                        $"box {i} of column '{_boxes.Name}' is ({box.Left}, {box.Top}, {box.Right}, {box.Bottom}); expected finite edges, the right one beyond the left and the lower beyond the upper. Correct or leave out the box"
                    )
                );
            boxes[i] = box;
        }
        return boxes;
    }

    private static InvalidDataException Problem(DataViewRowCursor cursor, string problem) => new($"Row {cursor.Position}: {problem}.");

    private static ArgumentOutOfRangeException Mismatch(string role, DataViewSchema.Column column, string expected) =>
        new("schema", $"Schema mismatch for {role} column '{column.Name}': expected {expected}, got {column.Type}");
}
