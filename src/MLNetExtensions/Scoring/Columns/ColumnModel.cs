using Microsoft.ML;
using MLNetExtensions.Onnx;
using MLNetExtensions.Scoring.Batches;
using MLNetExtensions.Scoring.Sessions;
using MLNetExtensions.Sessions;

namespace MLNetExtensions.Scoring.Columns;

/// <summary>A <see cref="ColumnGraph"/> at work: one session for all cursors and prediction engines. Thread-safe.</summary>
internal sealed class ColumnModel : IDisposable
{
    // A row is some numbers, a call of ONNX Runtime costs more.
    private const int BatchRows = 256;

    private readonly OnnxSession _session;
    private readonly ScoringPlan _plan;

    public ColumnModel(MLContext context, ColumnGraph graph, IReadOnlyDictionary<string, string>? metadata = null)
    {
        (Graph, Inputs) = (graph.ToGraph(metadata), graph.Inputs);
        _session = OnnxSession.Open(context, OnnxModelSource.OfGraph(Graph));
        // Rows are the first dimension of everything, and no node mixes them: nothing has to be tried.
        _plan = new ScoringPlan(
            [.. Inputs.Select(input => new PlannedInput(_session.InputSpecs.First(s => s.Name == input.Name), 0, [1, input.Length]))],
            [
                .. Graph
                    .Outputs.Take(graph.ScoredOutputs)
                    .Select((output, i) => new PlannedOutput(_session.OutputSpecs[i], 0, [1, output.Shape![1].Size!.Value])),
            ],
            BatchRows
        );
    }

    /// <summary>The graph.</summary>
    public OnnxGraph Graph { get; }

    /// <summary>The columns that it reads.</summary>
    public IReadOnlyList<ColumnInput> Inputs { get; }

    /// <summary>Scores the rows of a schema.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing, or of another type or size than the one that was fitted.</exception>
    public ScoringEngine Engine(DataViewSchema schema)
    {
        foreach (ColumnInput input in Inputs)
            if (ColumnGraph.LengthOf(schema, input.Column) is var length && length != input.Length)
                throw new ArgumentOutOfRangeException(
                    nameof(schema),
                    $"Schema mismatch for input column '{input.Column}': expected {input.Length} values, as there were when it was fitted, got {length}"
                );
        return new ScoringEngine(
            _session,
            _plan,
            [.. Inputs.Select(input => new TensorSource(input.Column, OnnxElementType.Float, Shape: null))]
        );
    }

    public void Dispose() => _session.Dispose();
}
