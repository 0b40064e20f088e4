using Microsoft.ML;
using Microsoft.ML.OnnxRuntime;
using MLNetExtensions.Backbones;
using MLNetExtensions.Backbones.Exported;
using MLNetExtensions.Imaging;
using MLNetExtensions.Imaging.Decoding;
using MLNetExtensions.Onnx;
using MLNetExtensions.Scoring.Batches;
using MLNetExtensions.Scoring.Sessions;
using MLNetExtensions.Sessions;

namespace MLNetExtensions.Scoring;

/// <summary>
/// An exported model at work: one ONNX Runtime session and one decoder for all cursors and prediction engines. Thread-safe.
/// </summary>
internal sealed class ScoringModel : IDisposable
{
    private readonly OnnxSession _session;
    private readonly PlannedInput _input;

    /// <param name="context">The context, for its GPU settings.</param>
    /// <param name="graph">A graph of <see cref="ScoringGraph"/>: of its outputs the first is scored.</param>
    /// <param name="names">The names that the graph was made with.</param>
    /// <param name="preprocessing">The preprocessing of the graph's pixels.</param>
    public ScoringModel(MLContext context, OnnxGraph graph, ScoringNames names, ImagePreprocessing preprocessing)
    {
        Names = names;
        Preprocessing = preprocessing;
        Writer = PixelWriter.Canvas(preprocessing);
        Views = PreprocessingGraph.ViewCount(graph);
        _session = OnnxSession.Open(context, OnnxModelSource.OfGraph(graph));
        try
        {
            Plan = new ScoringPlanner(_session, [new RowShape(names.Pixels, Writer.Shape, IsExact: true)]).Plan(
                [_session.OutputSpecs[0]],
                batchSize: null,
                isBatched: true
            );
            Plan = Plan with { BatchSize = Math.Max(1, Plan.BatchSize / Views) };
            OutputLength =
                Plan.Outputs[0].RowLength
                ?? throw new OnnxFormatException($"The output {Plan.Outputs[0].Spec} has no fixed length for an image.");
        }
        catch
        {
            _session.Dispose();
            throw;
        }
        _input = Plan.Inputs[0];
        // ML.NET's ONNX transformer takes the length of its output column from here.
        Graph = graph with
        {
            Outputs = [OnnxValue.Create(names.Output, OnnxElementType.Float, -1, OutputLength), .. graph.Outputs.Skip(1)],
        };
        Decoder = new ImageDecoder(preprocessing);
    }

    /// <summary>The exported model.</summary>
    public OnnxGraph Graph { get; }

    public ScoringNames Names { get; }

    public ImagePreprocessing Preprocessing { get; }

    public ImageDecoder Decoder { get; }

    /// <summary>The number of views that the graph makes of an image.</summary>
    public int Views { get; }

    /// <summary>Writes decoded canvases as the model's pixels.</summary>
    public PixelWriter Writer { get; }

    /// <summary>The layout of images in the model's input and of scores in its output.</summary>
    public ScoringPlan Plan { get; }

    /// <summary>The number of pixel values of an image.</summary>
    public int InputLength => _input.RowLength!.Value;

    /// <summary>The number of output values of an image.</summary>
    public int OutputLength { get; }

    /// <summary>The number of calls of <see cref="Run"/> that are best made at the same time.</summary>
    public int ConcurrentBatches => _session.ConcurrentBatches;

    /// <summary>Scores the images of a column.</summary>
    public ScoringEngine Engine(ImageColumn image) => new(_session, Plan, [new ImageSource(image, Decoder, Writer, Preprocessing)]);

    /// <summary>Runs images.</summary>
    /// <param name="pixels">Their pixel values, one image after another.</param>
    /// <param name="rows">The number of images.</param>
    /// <param name="output">Receives their output values.</param>
    public void Run(Memory<float> pixels, int rows, Memory<float> output)
    {
        using OrtValue inputValue = OrtValue.CreateTensorValueFromMemory(
            OrtMemoryInfo.DefaultInstance,
            pixels[..(rows * InputLength)],
            _input.ShapeOf(rows, InputLength)
        );
        using OrtValue outputValue = OrtValue.CreateTensorValueFromMemory(
            OrtMemoryInfo.DefaultInstance,
            output[..(rows * OutputLength)],
            Plan.Outputs[0].ShapeOf(rows)
        );
        using SessionLease lease = _session.Lease();
        lease.Session.Run(Plan.InputNames, [inputValue], Plan.OutputNames, [outputValue]);
    }

    public void Dispose()
    {
        _session.Dispose();
        Decoder.Dispose();
    }
}
