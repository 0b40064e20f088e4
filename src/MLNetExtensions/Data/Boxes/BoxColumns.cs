using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExtensions.Data.Schema;
using MLNetExtensions.Imaging.Boxes;

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
        if (!HoldsKeys(_label))
            throw Mismatch("label", _label, "Vector<Key<UInt32>>");
        if (!HoldsEdges(_boxes))
            throw Mismatch("bounding box", _boxes, "Vector<Single>");
        Classes = ClassLabels.NamesOfItems(_label);
    }

    /// <summary>The names of the classes: the key values, or numbers from 0.</summary>
    public IReadOnlyList<string> Classes { get; }

    /// <summary>The columns to read.</summary>
    public IEnumerable<DataViewSchema.Column> All => _crowd is { } crowd ? [_label, _boxes, crowd] : [_label, _boxes];

    /// <summary>Finds the columns by their default names; null if a schema has none of boxes.</summary>
    public static BoxColumns? Find(DataViewSchema schema) =>
        schema.GetColumnOrNull(DefaultColumnNames.Label) is { } label
        && schema.GetColumnOrNull(DefaultColumnNames.BoundingBoxes) is { } boxes
        && HoldsKeys(label)
        && HoldsEdges(boxes)
            ? new BoxColumns(schema, label.Name, boxes.Name)
            : null;

    /// <summary>Reads the objects of all rows.</summary>
    /// <param name="data">Rows of the schema.</param>
    /// <exception cref="InvalidDataException">A row's columns do not fit together, a key is missing, or a box has no area or is not finite; the
    /// message names row and box.</exception>
    public List<ImageBox[]> Read(IDataView data)
    {
        var rows = new List<ImageBox[]>();
        using DataViewRowCursor cursor = data.GetRowCursor(All);
        Func<ImageBox[]> read = Reader(cursor);
        while (cursor.MoveNext())
        {
            ImageBox[] boxes = read();
            foreach ((int i, ImageBox box) in boxes.Index())
            {
                if (box.Class < 0)
                    throw Problem(cursor, $"box {i}: the key of column '{_label.Name}' is missing. Label the box");
                if (BoxCheck.ProblemOf(box, image: default) is not null)
                    throw Problem(
                        cursor,
                        $"box {i} of column '{_boxes.Name}' is ({box.Left}, {box.Top}, {box.Right}, {box.Bottom}); expected finite edges, the "
                            + "right one beyond the left and the lower beyond the upper. Correct or leave out the box"
                    );
            }
            rows.Add(boxes);
        }
        return rows;
    }

    /// <summary>Gives the objects of each row of a cursor, whatever their boxes are; a missing key is the class -1.</summary>
    /// <exception cref="InvalidDataException">A row's columns do not fit together; the message names the row.</exception>
    public Func<ImageBox[]> Reader(DataViewRow row)
    {
        ValueGetter<VBuffer<uint>> getKeys = row.GetGetter<VBuffer<uint>>(_label);
        ValueGetter<VBuffer<float>> getBoxes = row.GetGetter<VBuffer<float>>(_boxes);
        ValueGetter<VBuffer<bool>>? getCrowds = _crowd is { } column ? row.GetGetter<VBuffer<bool>>(column) : null;
        VBuffer<uint> keys = default;
        VBuffer<float> edges = default;
        VBuffer<bool> crowds = default;
        return () =>
        {
            getKeys(ref keys);
            getBoxes(ref edges);
            getCrowds?.Invoke(ref crowds);
            if (edges.Length != 4 * keys.Length)
                throw Problem(
                    row,
                    $"column '{_boxes.Name}' has {edges.Length} values; expected {4 * keys.Length}: left, top, right, bottom for each of the "
                        + $"{keys.Length} of '{_label.Name}'"
                );
            if (getCrowds is not null && crowds.Length != keys.Length)
                throw Problem(row, $"column '{_crowd!.Value.Name}' has {crowds.Length} values; expected {keys.Length}");
            float[] sides = [.. edges.DenseValues()];
            bool[] many = [.. crowds.DenseValues()];
            return
            [
                .. keys.DenseValues()
                    .Select(
                        (key, i) =>
                            new ImageBox(
                                sides[4 * i],
                                sides[(4 * i) + 1],
                                sides[(4 * i) + 2],
                                sides[(4 * i) + 3],
                                (int)key - 1,
                                many.Length > 0 && many[i]
                            )
                    ),
            ];
        };
    }

    private static bool HoldsKeys(DataViewSchema.Column column) =>
        column.Type is VectorDataViewType { ItemType: KeyDataViewType { RawType: var raw } } && raw == typeof(uint);

    private static bool HoldsEdges(DataViewSchema.Column column) =>
        column.Type is VectorDataViewType { ItemType: NumberDataViewType item } && item == NumberDataViewType.Single;

    private static InvalidDataException Problem(DataViewRow row, string problem) => new($"Row {row.Position}: {problem}.");

    private static ArgumentOutOfRangeException Mismatch(string role, DataViewSchema.Column column, string expected) =>
        new("schema", $"Schema mismatch for {role} column '{column.Name}': expected {expected}, got {column.Type}");
}
