using MLNetExtensions.Onnx;
using MLNetExtensions.Training;
using MLNetExtensions.Training.Losses;

namespace MLNetExtensions.Peers.DenseSteps;

/// <summary>A runtime that keeps what a trainer asks of its first step, and ends the Fit then: the figure measures that very step.</summary>
internal sealed class CapturingRuntime(ITrainingRuntime runtime) : ITrainingRuntime
{
    public string Name => runtime.Name;

    /// <summary>The graph to train.</summary>
    public OnnxGraph? Graph { get; private set; }

    /// <summary>How it is trained.</summary>
    public TrainingSessionOptions? Options { get; private set; }

    /// <summary>The first batch.</summary>
    public TrainingBatch? Batch { get; private set; }

    ITrainingSession ITrainingRuntime.CreateSession(OnnxGraph graph, TrainingSessionOptions options)
    {
        (Graph, Options) = (graph, options);
        return new Session(this, runtime.CreateSession(graph, options));
    }

    void ITrainingRuntime.Check(OnnxLoss loss, int outputs) => runtime.Check(loss, outputs);

    private sealed class Session(CapturingRuntime owner, ITrainingSession session) : ITrainingSession
    {
        public string Device => session.Device;

        public TrainingPrecision Precision => session.Precision;

        public float Step(TrainingBatch batch, float learningRate)
        {
            // Its memory is that of the next batch.
            owner.Batch = new TrainingBatch
            {
                Count = batch.Count,
                Inputs = [.. batch.Inputs.Select(input => (ReadOnlyMemory<float>)input.ToArray())],
                Targets = batch.Targets.ToArray(),
                TargetWeight = batch.TargetWeight,
            };
            throw new StepCaptured();
        }

        public void Predict(TrainingBatch batch, Span<float> output) => session.Predict(batch, output);

        public IReadOnlyDictionary<string, OnnxTensor> ReadWeights() => session.ReadWeights();

        public void WriteWeights(IReadOnlyDictionary<string, OnnxTensor> weights) => session.WriteWeights(weights);

        public IReadOnlyDictionary<string, OnnxTensor> ReadState() => session.ReadState();

        public void WriteState(IReadOnlyDictionary<string, OnnxTensor> state) => session.WriteState(state);

        public void Dispose() => session.Dispose();
    }
}
