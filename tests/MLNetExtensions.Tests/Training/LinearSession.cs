using MLNetExtensions.Onnx;
using MLNetExtensions.Training;

namespace MLNetExtensions.Tests.Training;

/// <summary>
/// A training session in a few lines of C#: softmax regression by plain gradient descent. It tests the loop without a native runtime.
/// </summary>
internal sealed class LinearSession(int features, int classes) : ITrainingSession
{
    private float[] _weights = new float[features * classes];
    private long _updates;

    /// <summary>The number of rows of each step so far.</summary>
    public List<int> Steps { get; } = [];

    /// <summary>The first input value of each row of each step so far.</summary>
    public List<float> RowsSeen { get; } = [];

    /// <summary>The learning rate of each step so far.</summary>
    public List<float> Rates { get; } = [];

    /// <summary>Called before each step with its number; what it returns, if anything, replaces the loss.</summary>
    public Func<int, float?>? OnStep { get; init; }

    /// <summary>Called before each prediction.</summary>
    public Action? OnPredict { get; init; }

    public string Device => "managed";

    public TrainingPrecision Precision => TrainingPrecision.Float32;

    public float Step(TrainingBatch batch, float learningRate)
    {
        Steps.Add(batch.Count);
        Rates.Add(learningRate);
        if (OnStep?.Invoke(Steps.Count) is float replaced)
            return replaced;
        ReadOnlySpan<float> input = batch.Inputs[0].Span;
        ReadOnlySpan<float> targets = batch.Targets.Span;
        var logits = new float[batch.Count * classes];
        Score(batch, logits);
        var gradient = new float[_weights.Length];
        double loss = 0;
        for (int row = 0; row < batch.Count; row++)
        {
            RowsSeen.Add(input[row * features]);
            Span<float> scores = logits.AsSpan(row * classes, classes);
            float max = scores.ToArray().Max();
            double total = scores.ToArray().Sum(s => Math.Exp(s - max));
            double targetSum = targets.Slice(row * classes, classes).ToArray().Sum();
            for (int c = 0; c < classes; c++)
            {
                double probability = Math.Exp(scores[c] - max) / total;
                float target = targets[row * classes + c];
                loss -= target * Math.Log(probability);
                for (int f = 0; f < features; f++)
                    gradient[c * features + f] += (float)(probability * targetSum - target) * input[row * features + f];
            }
        }
        _updates++;
        for (int i = 0; i < _weights.Length; i++)
            _weights[i] -= learningRate * gradient[i] / batch.TargetWeight;
        return (float)(loss / batch.TargetWeight);
    }

    public void Predict(TrainingBatch batch, Span<float> output)
    {
        OnPredict?.Invoke();
        Score(batch, output);
    }

    private void Score(TrainingBatch batch, Span<float> output)
    {
        ReadOnlySpan<float> input = batch.Inputs[0].Span;
        for (int row = 0; row < batch.Count; row++)
        {
            for (int c = 0; c < classes; c++)
            {
                float sum = 0;
                for (int f = 0; f < features; f++)
                    sum += _weights[c * features + f] * input[row * features + f];
                output[row * classes + c] = sum;
            }
        }
    }

    public IReadOnlyDictionary<string, OnnxTensor> ReadWeights() =>
        new Dictionary<string, OnnxTensor> { ["w"] = OnnxTensor.FromFloats("w", [classes, features], [.. _weights]) };

    public void WriteWeights(IReadOnlyDictionary<string, OnnxTensor> weights) => _weights = weights["w"].ToFloats();

    public IReadOnlyDictionary<string, OnnxTensor> ReadState() =>
        new Dictionary<string, OnnxTensor> { ["steps"] = OnnxTensor.FromInt64s("steps", [], [_updates]) };

    public void WriteState(IReadOnlyDictionary<string, OnnxTensor> state) => _updates = state["steps"].ToInt64s()[0];

    public void Dispose() { }
}
