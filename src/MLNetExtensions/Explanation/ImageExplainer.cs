using Microsoft.ML;
using MLNetExtensions.Data;
using MLNetExtensions.Explanation.Networks;
using MLNetExtensions.Imaging.Decoding;
using MLNetExtensions.Onnx;
using MLNetExtensions.Scoring;
using MLNetExtensions.Scoring.Batches;
using MLNetExtensions.Training;

namespace MLNetExtensions.Explanation;

/// <summary>A method at work on a model: images to explanations, batch by batch. It holds native memory.</summary>
internal sealed class ImageExplainer : IDisposable
{
    private readonly Lock _lock = new();
    private readonly ExplainableModel _model;
    private readonly ExplanationOptions _options;
    private readonly IAttribution _attribution;
    private readonly ImageDecoder _decoder;
    private readonly PixelWriter _writer;
    private readonly int? _class;
    private readonly int _batch;

    /// <param name="context">The context: its seed and GPU settings.</param>
    /// <param name="graph">The model.</param>
    /// <param name="options">The settings; they are checked.</param>
    /// <exception cref="ArgumentException">The model cannot be explained so, or there is no such class or layer.</exception>
    public ImageExplainer(MLContext context, OnnxGraph graph, ExplanationOptions options)
    {
        _options = options;
        _model = new ExplainableModel(graph, options.Preprocessing);
        _class = ClassOf(graph.Name);
        _batch = _model.Network.TakesOne ? 1 : options.BatchSize;
        _decoder = new ImageDecoder(_model.Preprocessing);
        _writer = PixelWriter.Canvas(_model.Preprocessing);
        try
        {
            _attribution = options.Method.Open(
                new AttributionSetting(
                    context,
                    _model.Network,
                    () => options.Runtime ?? TrainingRuntime.Default(),
                    _batch,
                    options.Seed ?? 0
                )
            );
        }
        catch
        {
            _decoder.Dispose();
            throw;
        }
    }

    /// <summary>The width of maps.</summary>
    public int Width => _model.Width;

    /// <summary>The height of maps.</summary>
    public int Height => _model.Height;

    /// <summary>The number of images of a batch.</summary>
    public int Batch => _batch;

    /// <summary>Finds the column of images.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such column, or it holds no images.</exception>
    public ImageColumn ColumnOf(DataViewSchema schema, string name) => ImageColumn.Of(schema, name, _decoder, _options.ImageFolder);

    /// <summary>A function that takes the image of a row.</summary>
    /// <param name="row">The row.</param>
    /// <param name="column">Its column of images.</param>
    public Func<long, byte[]> CanvasReader(DataViewRow row, ImageColumn column)
    {
        ImageColumnReader reader = column.Reader(row, _decoder);
        return position =>
        {
            using var slot = new RowSlot(_decoder.CanvasBytes) { Row = position };
            reader.Read(slot);
            reader.Decode(slot);
            return slot.Canvas;
        };
    }

    /// <summary>Explains images, a batch at most.</summary>
    /// <param name="canvases">The images.</param>
    /// <param name="firstRow">The row of the first.</param>
    public ImageExplanation[] Explain(IReadOnlyList<byte[]> canvases, long firstRow)
    {
        int rows = canvases.Count,
            length = _model.Network.InputLength,
            outputs = _model.Network.Outputs;
        var pixels = new float[rows * length];
        for (int row = 0; row < rows; row++)
            _writer.Write(canvases[row], pixels.AsSpan(row * length, length));
        var logits = new float[rows * outputs];
        var chosen = new int[rows];
        AttributionMap[] maps;
        lock (_lock)
        {
            _attribution.Score(pixels, rows, logits);
            for (int row = 0; row < rows; row++)
                chosen[row] = _class ?? Largest(logits.AsSpan(row * outputs, outputs));
            maps = _attribution.Explain(pixels, chosen, firstRow);
        }
        return
        [
            .. maps.Select(
                (map, row) =>
                    new ImageExplanation(
                        firstRow + row,
                        chosen[row],
                        _model.ClassNames.ElementAtOrDefault(chosen[row]),
                        logits[(row * outputs) + chosen[row]],
                        _attribution.Layer,
                        new Heatmap(Width, Height, MapPlacement.OnCanvas(map, _model), canvases[row])
                    )
            ),
        ];
    }

    public void Dispose()
    {
        _attribution.Dispose();
        _decoder.Dispose();
    }

    private static int Largest(ReadOnlySpan<float> logits)
    {
        int largest = 0;
        for (int i = 1; i < logits.Length; i++)
            if (logits[i] > logits[largest])
                largest = i;
        return largest;
    }

    /// <summary>The output that the options name.</summary>
    private int? ClassOf(string model)
    {
        int outputs = _model.Network.Outputs;
        if (_options.ClassIndex is { } index)
            return index < outputs
                ? index
                : throw new ArgumentException(
                    $"ClassIndex is {index}; the model '{model}' has {outputs} outputs, from 0 to {outputs - 1}."
                );
        if (_options.ClassName is not { } name)
            return null;
        int found = _model.ClassNames.ToList().IndexOf(name);
        if (found >= 0)
            return found;
        throw new ArgumentException(
            _model.ClassNames.Count == 0
                ? $"The model '{model}' does not tell the names of its classes; set ClassIndex in place of ClassName '{name}'."
                : $"The model '{model}' has no class '{name}'. Its classes are {string.Join(", ", _model.ClassNames.Take(20).Select(c => $"'{c}'"))}"
                    + $"{(_model.ClassNames.Count > 20 ? $" and {_model.ClassNames.Count - 20} more" : "")}."
        );
    }
}
