using MLNetExtensions.Onnx;

namespace MLNetExtensions.Compression.Evaluation;

/// <summary>Measures smaller models beside the one they come from, by the options' rows.</summary>
internal sealed class CompressionMeter : IDisposable
{
    private readonly CompressionRun _run;
    private readonly SourceModel _source;
    private readonly ModelRows? _evaluation;
    private readonly ModelRows? _compared;
    private readonly ModelAnswers? _answers;

    /// <param name="run">The call.</param>
    /// <param name="source">The model before.</param>
    /// <param name="other">Other rows at hand, for the output error and the time where there is no evaluation set; they stay the
    /// caller's.</param>
    public CompressionMeter(CompressionRun run, SourceModel source, ModelRows? other)
    {
        (_run, _source) = (run, source);
        if (run.Options.EvaluationSet is { } set)
            _evaluation = ModelRows.Read(run, source, set, "evaluation", needsLabels: true);
        _compared = _evaluation ?? other;
        try
        {
            _answers = _compared is null ? null : Answer(source.Graph);
            AccuracyBefore = AccuracyOf(source.Graph, _answers);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>The accuracy of the model before; null without a measure.</summary>
    public double? AccuracyBefore { get; }

    /// <summary>The accuracy of a model after.</summary>
    public double? AccuracyOf(OnnxGraph graph) => AccuracyOf(graph, _evaluation is null ? null : Answer(graph));

    /// <summary>The report of a model after.</summary>
    /// <param name="method">The compression method.</param>
    /// <param name="graph">The model.</param>
    public CompressionReport Report(string method, OnnxGraph graph)
    {
        ModelAnswers? answers = _compared is null ? null : Answer(graph);
        (TimeSpan Before, TimeSpan After, double Speedup)? latency =
            _run.Options.LatencyBatchSize == 0 || _compared is null ? null : MeasureLatency(graph);
        return new CompressionReport
        {
            Method = method,
            SizeBefore = _source.Graph.ToBytes().LongLength,
            SizeAfter = graph.ToBytes().LongLength,
            LatencyBefore = latency?.Before,
            LatencyAfter = latency?.After,
            Speedup = latency?.Speedup,
            AccuracyBefore = AccuracyBefore,
            AccuracyAfter = AccuracyBefore is null ? null : AccuracyOf(graph, answers),
            OutputError = answers is null ? null : _answers!.ErrorOf(answers),
        };
    }

    public void Dispose() => _evaluation?.Dispose();

    private double? AccuracyOf(OnnxGraph graph, ModelAnswers? answers) =>
        _run.Options.Measure is { } measure ? measure(graph)
        : _evaluation is null ? null
        : answers!.Accuracy(_evaluation.Classes);

    private ModelAnswers Answer(OnnxGraph graph) => ModelAnswers.Of(_run, graph, _compared!);

    private (TimeSpan Before, TimeSpan After, double Speedup) MeasureLatency(OnnxGraph graph)
    {
        int count = Math.Min(_run.Options.LatencyBatchSize, _compared!.Count);
        (int[] rows, Memory<float>[] inputs) = _compared.Batches(count).First();
        return LatencyProbe.Compare(_run, _source.Graph, graph, inputs, rows.Length);
    }
}
