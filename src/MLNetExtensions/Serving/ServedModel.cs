using Microsoft.ML;
using MLNetExtensions.Backbones.Exported;
using MLNetExtensions.Data;
using MLNetExtensions.Imaging;
using MLNetExtensions.Imaging.Decoding;
using MLNetExtensions.Onnx;
using MLNetExtensions.Scoring.Batches;
using MLNetExtensions.Scoring.Sessions;
using MLNetExtensions.Sessions;

namespace MLNetExtensions.Serving;

/// <summary>
/// A model that answers requests. Each request holds it from its decoding to its answer, the predictor as long as it is the current one; who releases
/// it last frees it.
/// </summary>
internal sealed class ServedModel
{
    private readonly IImageNetwork _network;
    private readonly TaskCompletionSource _freed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _holders = 1;

    /// <param name="network">The network; from now on the model's.</param>
    /// <param name="decoder">Makes its canvases; from now on the model's.</param>
    /// <param name="labels">The names of its output values; empty if they have none.</param>
    public ServedModel(IImageNetwork network, ImageDecoder decoder, IReadOnlyList<string> labels)
    {
        _network = network;
        Decoder = decoder;
        Labels = labels;
    }

    public ImageDecoder Decoder { get; }

    public IReadOnlyList<string> Labels { get; }

    /// <summary>The most images that it scores together.</summary>
    public int MaxBatchSize => _network.Plan.BatchSize;

    /// <summary>The predictor's number of it.</summary>
    public int Version { get; set; }

    /// <summary>Ends when the model is freed.</summary>
    public Task Freed => _freed.Task;

    /// <summary>Opens an exported model.</summary>
    /// <param name="context">The context, for its settings of ONNX Runtime.</param>
    /// <param name="source">The model, with its preprocessing in its metadata.</param>
    /// <param name="options">Sizes, limits, threads.</param>
    /// <exception cref="OnnxFormatException">The model does not say how images become its input, or its labels do not fit its output.</exception>
    public static ServedModel Open(MLContext context, OnnxModelSource source, VisionPredictorOptions options)
    {
        OnnxSession session = OnnxSession.OpenForServing(context, source, options.SessionSettings);
        ImagePreprocessing preprocessing;
        IReadOnlyList<string> labels;
        try
        {
            preprocessing = ScoringMetadata.Preprocessing(session.Metadata, source.Name);
            labels = ScoringMetadata.Labels(session.Metadata, source.Name);
        }
        catch
        {
            session.Dispose();
            throw;
        }
        ImageNetwork network = ImageNetwork.Create(session, preprocessing, options.MaxBatchSize);
        int outputs = network.Plan.Outputs[0].RowLength!.Value;
        if (labels.Count == 0 || labels.Count == outputs)
            return new ServedModel(network, new ImageDecoder(preprocessing, options.MaxPixels), labels);
        network.Dispose();
        throw new OnnxFormatException($"The model {source.Name} has {outputs} output values an image but {labels.Count} labels in its metadata " +
            $"'{ScoringMetadata.LabelsKey}'. Export it again.");
    }

    /// <summary>Holds the model; who calls this must know that it is held already.</summary>
    public ServedModel Hold()
    {
        Interlocked.Increment(ref _holders);
        return this;
    }

    public void Release()
    {
        if (Interlocked.Decrement(ref _holders) != 0)
            return;
        _network.Dispose();
        Decoder.Dispose();
        _freed.SetResult();
    }

    /// <summary>True if a batch was made for this model.</summary>
    public bool Fits(ScoreBatch batch) => batch.Plan == _network.Plan;

    public ScoreBatch NewBatch() => new(_network.Plan, MaxBatchSize);

    /// <summary>Makes room for images in a batch.</summary>
    public void Begin(ScoreBatch batch, int images)
    {
        int length = _network.Plan.Inputs[0].RowLength!.Value;
        batch.Count = images;
        batch.Inputs[0].RowLength = length;
        batch.Inputs[0].Buffer.Resize((long)length * _network.Plan.RowsToRun(images));
    }

    /// <summary>Puts a decoded image into a batch.</summary>
    public void Put(ScoreBatch batch, int row, ReadOnlySpan<byte> canvas) => _network.Writer.Write(canvas, batch.Inputs[0].Buffer, row);

    /// <inheritdoc cref="IImageNetwork.Run"/>
    public void Run(ScoreBatch batch, bool alone) => _network.Run(batch, alone);
}
