using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExtensions.Backbones.Exported;
using MLNetExtensions.Imaging;
using MLNetExtensions.Imaging.Decoding;
using MLNetExtensions.Onnx;
using MLNetExtensions.Scoring.Batches;
using MLNetExtensions.Scoring.Sessions;
using MLNetExtensions.Sessions;

namespace MLNetExtensions.Serving;

/// <summary>
/// A model that answers requests. Each request holds it from its decoding to its answer, the predictor as long as it is the current one;
/// who releases it last frees it.
/// </summary>
internal class ServedModel
{
    private readonly OnnxSession _session;
    private readonly ScoringPlan _plan;
    private readonly PixelWriter _writer;
    private readonly ScoringEngine _engine;
    private readonly TaskCompletionSource _freed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _holders = 1;

    /// <param name="session">The model; from now on this object's, also when this throws.</param>
    /// <param name="preprocessing">The preprocessing that the model expects.</param>
    /// <param name="labels">The names of its output values; empty where they have none.</param>
    /// <param name="options">Sizes and limits.</param>
    /// <exception cref="OnnxFormatException">The model is none of images, or its labels do not fit its output.</exception>
    public ServedModel(OnnxSession session, ImagePreprocessing preprocessing, IReadOnlyList<string> labels, VisionPredictorOptions options)
    {
        (_session, Labels) = (session, labels);
        try
        {
            _writer = PixelWriter.Input(preprocessing, session.InputSpecs is [var only] ? only.Sizes : null);
            _plan = MakePlan(options.MaxBatchSize);
            int outputs = _plan.Outputs[0].RowLength!.Value;
            if (labels.Count != 0 && labels.Count != outputs)
                throw new OnnxFormatException(
                    $"The model {session.Source.Name} has {outputs} output values an image but {labels.Count} labels in its metadata "
                        + $"'{ScoringMetadata.LabelsKey}'. Export it again."
                );
            _engine = new ScoringEngine(session, _plan, []);
            Decoder = new ImageDecoder(preprocessing, options.MaxPixels);
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    /// <summary>Makes the canvases that <see cref="Put"/> takes.</summary>
    public ImageDecoder Decoder { get; }

    /// <summary>The model's name in messages.</summary>
    public string Name => _session.Source.Name;

    public IReadOnlyList<string> Labels { get; }

    /// <summary>The most images that it scores together.</summary>
    public int MaxBatchSize => _plan.BatchSize;

    /// <summary>The predictor's number of it.</summary>
    public int Version { get; set; }

    /// <summary>Ends when the model is freed.</summary>
    public Task Freed => _freed.Task;

    /// <summary>Opens an exported model.</summary>
    /// <param name="context">The context, for its settings of ONNX Runtime.</param>
    /// <param name="source">The model, with its preprocessing in its metadata.</param>
    /// <param name="options">Sizes, limits, threads.</param>
    /// <exception cref="OnnxFormatException">The model does not say how images become its input, or its labels do not fit its
    /// output.</exception>
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
        return new ServedModel(session, preprocessing, labels, options);
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
        Free();
        _freed.SetResult();
    }

    /// <summary>True if a batch was made for this model.</summary>
    public bool Fits(ScoreBatch batch) => batch.Plan == _plan;

    public ScoreBatch NewBatch() => new(_plan, MaxBatchSize);

    /// <summary>Makes room for images in a batch.</summary>
    public void Begin(ScoreBatch batch, int images)
    {
        int length = _plan.Inputs[0].RowLength!.Value;
        batch.Count = images;
        batch.Inputs[0].RowLength = length;
        batch.Inputs[0].Buffer.Resize((long)length * _plan.RowsToRun(images));
    }

    /// <summary>Puts a decoded image into a batch.</summary>
    public void Put(ScoreBatch batch, int row, ReadOnlySpan<byte> canvas) => _writer.Write(canvas, batch.Inputs[0].Buffer, row);

    /// <summary>Scores a batch whose input is filled. Thread-safe.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="alone">True if nothing else waits to be decoded or scored, so that the batch may have all threads.</param>
    public virtual void Run(ScoreBatch batch, bool alone) => _engine.Run(batch, alone);

    /// <summary>Frees what the model holds.</summary>
    protected virtual void Free()
    {
        _session.Dispose();
        Decoder.Dispose();
    }

    /// <summary>Plans how images are scored with the session.</summary>
    private ScoringPlan MakePlan(int maxBatchSize)
    {
        string source = _session.Source.Name;
        if (_session.Metadata.ContainsKey(ScoringMetadata.SizeInputKey))
            throw new OnnxFormatException(
                $"The model {source} gives boxes or masks in the pixels of images; a VisionPredictor answers with a score for each class. "
                    + "Load it with ml.Model.Load and make a PredictionEngine for each thread, or score views with its transformer."
            );
        string images = $"Float[batch,{string.Join(',', _writer.Shape)}]";
        if (_session.InputSpecs is not [var input])
            throw new OnnxFormatException(
                $"The model {source} has the inputs {string.Join("; ", _session.InputSpecs)}; expected one, {images}."
            );
        ScoringPlan plan;
        try
        {
            plan = new ScoringPlanner(_session, [new RowShape("image", _writer.Shape, IsExact: true)]).Plan(
                [_session.OutputSpecs[0]],
                maxBatchSize
            );
        }
        catch (ArgumentOutOfRangeException e)
        {
            throw new OnnxFormatException(
                $"The model {source} takes {input}, but its metadata say that images come as {images}. Export it again.",
                e
            );
        }
        PlannedOutput output = plan.Outputs[0];
        if (output.ColumnShape is { Count: > 1 } shape)
            throw new OnnxFormatException(
                $"The model {source} has the output {output.Spec}, {shape.Count} dimensions an image; a VisionPredictor answers with a score "
                    + "for each class. Score detectors and segmentation networks with their transformers or PredictionEngines."
            );
        return output.RowLength > 0 && output.Spec.Kind.ItemType == NumberDataViewType.Single
            ? plan
            : throw new OnnxFormatException(
                $"The model {source} has the first output {output.Spec}; expected a fixed number of floats for each image."
            );
    }
}
