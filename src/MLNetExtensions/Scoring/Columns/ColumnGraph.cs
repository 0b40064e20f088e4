using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExtensions.Backbones.Exported;
using MLNetExtensions.Data.Schema;
using MLNetExtensions.Onnx;

namespace MLNetExtensions.Scoring.Columns;

/// <summary>A graph that is built of columns of numbers: its inputs are rows of columns, its outputs are columns.</summary>
internal sealed class ColumnGraph
{
    // CumSum, TopK with sorted ties, comparisons of floats: all of it is older, and what ML.NET 5 and later brings knows this.
    private const int Opset = 17;

    private readonly ScoringNames _names;
    private readonly List<ColumnInput> _inputs = [];
    private readonly List<OnnxValue> _outputs = [];

    /// <param name="output">The first output column; the names of all other values begin with it.</param>
    public ColumnGraph(string output)
    {
        _names = new ScoringNames(output);
        Nodes = new GraphEnd(_names);
    }

    /// <summary>The nodes.</summary>
    public GraphEnd Nodes { get; }

    /// <summary>Adds a column of numbers as an input, Float [batch, length].</summary>
    /// <returns>The input's name, which is no column's.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The column is missing, or is no Single and no vector of Single of known size.</exception>
    public string Input(DataViewSchema schema, string column)
    {
        int length = LengthOf(schema, column);
        string name = Nodes.Unique($"{column}.in");
        _inputs.Add(new ColumnInput(column, name, length));
        return name;
    }

    /// <summary>States an output, [batch, length].</summary>
    public void Output(string name, OnnxElementType type, int length)
    {
        _outputs.Add(OnnxValue.Create(name, type, -1, length));
        ScoredOutputs = _outputs.Count;
    }

    /// <summary>States an output, [batch, length], that only a saved model computes; behind the others.</summary>
    public void SavedOutput(string name, OnnxElementType type, int length) => _outputs.Add(OnnxValue.Create(name, type, -1, length));

    /// <summary>The number of outputs that are computed here.</summary>
    public int ScoredOutputs { get; private set; }

    /// <summary>The columns of the inputs.</summary>
    public IReadOnlyList<ColumnInput> Inputs => _inputs;

    /// <summary>A constant of floats.</summary>
    public string Floats(string name, ReadOnlySpan<long> shape, params float[] values) =>
        Nodes.Constant(OnnxTensor.FromFloats(name, shape, values));

    /// <summary>A constant of integers, [count].</summary>
    public string Integers(string name, params long[] values) => Nodes.Constant(OnnxTensor.FromInt64s(name, [values.Length], values));

    /// <summary>Sums over the second dimension and keeps it.</summary>
    public string Sum(string value) => Nodes.Add("ReduceSum", [value, Integers("axis", 1)], OnnxAttribute.Of("keepdims", 1L));

    /// <summary>The graph.</summary>
    public OnnxGraph ToGraph(IReadOnlyDictionary<string, string>? metadata = null)
    {
        var initializers = new OrderedDictionary<string, OnnxTensor>();
        foreach (OnnxTensor constant in Nodes.Constants)
            initializers.Add(constant.Name, constant);
        return new OnnxGraph
        {
            Name = _names.Output,
            Opsets = Nodes.Opsets(new Dictionary<string, int> { [""] = Opset }),
            Inputs = [.. _inputs.Select(input => OnnxValue.Create(input.Name, OnnxElementType.Float, -1, input.Length))],
            Outputs = [.. _outputs],
            Nodes = [.. Nodes.After("")],
            Initializers = initializers,
            Metadata = metadata ?? new Dictionary<string, string>(),
        };
    }

    /// <summary>The number of values of a column's row.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The column is missing, or is no Single and no vector of Single of known size.</exception>
    public static int LengthOf(DataViewSchema schema, string column)
    {
        DataViewSchema.Column found = schema.GetColumnOrNull(column) ?? throw MissingColumn.In(schema, "input", column);
        return found.Type switch
        {
            NumberDataViewType number when number == NumberDataViewType.Single => 1,
            VectorDataViewType { IsKnownSize: true } vector when vector.ItemType == NumberDataViewType.Single => vector.Size,
            _ => throw new ArgumentOutOfRangeException(
                nameof(schema),
                $"Schema mismatch for input column '{column}': expected Single or Vector<Single> of known size, got {found.Type}"
            ),
        };
    }
}
