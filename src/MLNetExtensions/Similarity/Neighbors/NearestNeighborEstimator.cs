using Microsoft.ML;
using MLNetExtensions.Backbones.Exported;
using MLNetExtensions.Data;
using MLNetExtensions.Onnx;
using MLNetExtensions.Scoring.Columns;
using MLNetExtensions.Similarity.Indexing;

namespace MLNetExtensions.Similarity.Neighbors;

/// <summary>Classifies by the most similar training rows.</summary>
/// <remarks>
/// <format type="text/markdown"><![CDATA[
/// ### Input and Output Columns
///
/// | Column | Type | Description |
/// | -- | -- | -- |
/// | Label | Key | The class. A row without one is an error. |
/// | Features | Known-sized vector of Single | The features of a backbone (`ExtractImageFeatures`). |
/// | Score (output) | Known-sized vector of Single | A probability for each class, in the order of the label's keys. Its slot names are the classes. |
/// | PredictedLabel (output) | Key | The class of the highest score, with the label's key values. |
///
/// ### Trainer Characteristics
///
/// | | |
/// | -- | -- |
/// | Machine learning task | Multiclass classification |
/// | Is normalization required? | No |
/// | Is caching required? | No |
/// | Required NuGet in addition to Microsoft.ML | MLNetExtensions, and Microsoft.ML.OnnxRuntime for its native library |
/// | Exportable to ONNX | Yes, `Model` is the ONNX model; not by ConvertToOnnx |
///
/// ### Training Algorithm Details
///
/// Nothing is trained: the training rows, made of length 1, are the model. Of the k rows with the largest cosine each votes for its class
/// with exp(cosine / temperature) ([arXiv 1805.01978](https://arxiv.org/abs/1805.01978)), and votes are divided by their sum. All rows are
/// compared, exactly: up to some ten thousand that is fast. Only apply models from trusted sources.
/// ]]></format>
/// </remarks>
public sealed class NearestNeighborEstimator : IEstimator<NearestNeighborTransformer>
{
    private readonly MLContext _context;
    private readonly NearestNeighborOptions _options;

    internal NearestNeighborEstimator(MLContext context, NearestNeighborOptions options)
    {
        options = options.Clone();
        options.Validate();
        (_context, _options) = (context, options);
    }

    /// <summary>Keeps the training rows, which are read once.</summary>
    /// <param name="input">The training rows.</param>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of another type.</exception>
    /// <exception cref="InvalidDataException">A row has no label, or a feature is not finite.</exception>
    /// <exception cref="ArgumentException">There are no rows.</exception>
    public NearestNeighborTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        FeatureRows rows = FeatureReader.Read(input, _options.FeatureColumnName, _options.LabelColumnName, int.MaxValue, seed: 0);
        ClassLabels labels = ClassLabels.Of(input.Schema[_options.LabelColumnName]);
        VectorStore.Normalize(rows.Values, rows.Length);
        var names = new ScoringNames(_options.ScoreColumnName);
        var graph = new ColumnGraph(names.Output);
        string features = graph.Input(input.Schema, _options.FeatureColumnName);
        AddVotes(graph, features, rows, labels.Count);
        graph.Output(names.Output, OnnxElementType.Float, labels.Count);
        ClassOutputs.AddTo(graph, names, labels);
        return new NearestNeighborTransformer(_context, new ColumnModel(_context, graph), _options, labels, rows.Count);
    }

    /// <summary>Checks the input columns and adds the output columns.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of another type.</exception>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        NumberColumns.Check(inputSchema, _options.FeatureColumnName, isVector: true);
        return ClassOutputs.AddColumns(inputSchema, _options.LabelColumnName, _options.ScoreColumnName, _options.PredictedLabelColumnName);
    }

    private void AddVotes(ColumnGraph graph, string features, FeatureRows rows, int classes)
    {
        int count = rows.Count,
            neighbors = Math.Min(_options.Neighbors, count);
        float[] columns = new float[rows.Values.Length];
        for (int row = 0; row < count; row++)
        for (int i = 0; i < rows.Length; i++)
            columns[(i * count) + row] = rows.Values[(row * rows.Length) + i];
        float[] members = new float[count * classes];
        for (int row = 0; row < count; row++)
            members[(row * classes) + rows.Labels![row]] = 1;
        var nodes = new GraphNodes(graph);
        string similar = nodes.Add("MatMul", UnitLength.AddTo(graph, features), graph.Floats("rows", [rows.Length, count], columns));
        (string nearest, string places) = (graph.Nodes.Unique("nearest"), graph.Nodes.Unique("places"));
        graph.Nodes.Add(
            OnnxNode.Create(
                "TopK",
                [similar, graph.Integers("neighbors", neighbors)],
                [nearest, places],
                OnnxAttribute.Of("axis", 1L),
                OnnxAttribute.Of("sorted", 1L)
            )
        );
        // A softmax over the neighbors is the votes, divided by their sum: [batch, 1, neighbors] times [batch, neighbors, classes].
        string votes = graph.Nodes.Add(
            "Softmax",
            [nodes.Add("Mul", nearest, graph.Floats("temperature", [], 1 / _options.Temperature))],
            OnnxAttribute.Of("axis", 1L)
        );
        string ofClasses = nodes.Add("Gather", graph.Floats("members", [count, classes], members), places);
        string sums = nodes.Add("MatMul", nodes.Add("Unsqueeze", votes, graph.Integers("middle", 1)), ofClasses);
        graph.Nodes.AddLast("Squeeze", [sums, graph.Integers("squeezed", 1)]);
    }
}
