using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.OnnxRuntime;
using MLNetExtensions.Imaging;
using MLNetExtensions.Onnx;
using MLNetExtensions.Scoring.Batches;
using MLNetExtensions.Scoring.Sessions;

namespace MLNetExtensions.Serving;

/// <summary>A network in ONNX Runtime.</summary>
internal sealed class ImageNetwork : IImageNetwork
{
    private readonly OnnxSession _session;
    private readonly ScoringEngine _engine;

    private ImageNetwork(OnnxSession session, ImagePreprocessing preprocessing, int maxBatchSize)
    {
        _session = session;
        Writer = PixelWriter.Input(preprocessing, session.InputSpecs is [var only] ? only.Sizes : null);
        Plan = MakePlan(maxBatchSize);
        _engine = new ScoringEngine(session, Plan, []);
    }

    public ScoringPlan Plan { get; }

    public PixelWriter Writer { get; }

    /// <summary>Plans how images are scored with an open session.</summary>
    /// <param name="session">The model; the network's, also when this throws.</param>
    /// <param name="preprocessing">The preprocessing that the model expects.</param>
    /// <param name="maxBatchSize">The most images of a batch.</param>
    /// <exception cref="OnnxFormatException">The model is none of images.</exception>
    public static ImageNetwork Create(OnnxSession session, ImagePreprocessing preprocessing, int maxBatchSize)
    {
        try
        {
            return new ImageNetwork(session, preprocessing, maxBatchSize);
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    public void Run(ScoreBatch batch, bool alone) => _engine.Run(batch, alone);

    public void Dispose() => _session.Dispose();

    private ScoringPlan MakePlan(int maxBatchSize)
    {
        string source = _session.Source.Name;
        string images = $"Float[batch,{string.Join(',', Writer.Shape)}]";
        if (_session.InputSpecs is not [var input])
            throw new OnnxFormatException($"The model {source} has the inputs {string.Join("; ", _session.InputSpecs)}; expected one, {images}.");
        ScoringPlan plan;
        try
        {
            plan = new ScoringPlanner(_session, [new RowShape("image", Writer.Shape, IsExact: true)]).Plan([_session.OutputSpecs[0]], maxBatchSize);
        }
        catch (ArgumentOutOfRangeException e)
        {
            throw new OnnxFormatException($"The model {source} takes {input}, but its metadata say that images come as {images}. Export it again.", e);
        }
        PlannedOutput output = plan.Outputs[0];
        return output.RowLength > 0 && output.Spec.Kind.ItemType == NumberDataViewType.Single ? plan : throw new OnnxFormatException(
            $"The model {source} has the first output {output.Spec}; expected a fixed number of floats for each image.");
    }
}
