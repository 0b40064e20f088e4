using Microsoft.ML;
using MLNetExtensions.Backbones;
using MLNetExtensions.Data;
using MLNetExtensions.Onnx;

namespace MLNetExtensions.Scoring;

/// <summary>An exported model at work: one ONNX Runtime session and one decoder for all cursors and prediction engines. Thread-safe.</summary>
internal sealed class ScoringModel : IDisposable
{
    private readonly ScoringSession _session;

    /// <param name="context">Its GPU settings are used.</param>
    /// <param name="graph">A graph of <see cref="ScoringGraph"/>.</param>
    /// <param name="names">The names that the graph was made with.</param>
    /// <param name="preprocessing">How pictures become the graph's pixels.</param>
    public ScoringModel(MLContext context, OnnxGraph graph, ScoringNames names, ImagePreprocessing preprocessing)
    {
        Names = names;
        Preprocessing = preprocessing;
        _session = new ScoringSession(context, graph);
        // ML.NET's ONNX transformer takes the length of its output column from here.
        Graph = graph with { Outputs = [OnnxValue.Create(names.Output, OnnxElementType.Float, -1, _session.OutputLength), .. graph.Outputs.Skip(1)] };
        Views = PreprocessingGraph.ViewCount(graph);
        Decoder = new ImageDecoder(preprocessing);
    }

    /// <summary>The exported model.</summary>
    public OnnxGraph Graph { get; }

    public ScoringNames Names { get; }

    public ImagePreprocessing Preprocessing { get; }

    public ImageDecoder Decoder { get; }

    /// <summary>The number of views that the graph makes of a picture.</summary>
    public int Views { get; }

    /// <summary>The number of pixel values of a picture.</summary>
    public int InputLength => _session.InputLength;

    /// <summary>The number of output values of a picture.</summary>
    public int OutputLength => _session.OutputLength;

    /// <inheritdoc cref="ScoringSession.Run"/>
    public void Run(Memory<float> pixels, int rows, Memory<float> output) => _session.Run(pixels, rows, output);

    public void Dispose()
    {
        _session.Dispose();
        Decoder.Dispose();
    }
}
