using MLNetExtensions.Onnx;
using MLNetExtensions.Training;

namespace Cifar10;

/// <summary>
/// Slow weights that follow the trained ones every few steps, which then go on from them: Lookahead (arXiv 1907.08610) with a memory that grows
/// towards the end of the run, as airbench94 has it.
/// </summary>
internal sealed class WeightAverage(ITrainingSession session, IEnumerable<string> parameters)
{
    public const int Every = 5;

    private const double LastMemory = 0.7737809;

    private readonly Dictionary<string, float[]> _slow = session.ReadWeights().Where(w => parameters.Contains(w.Key)).ToDictionary(w => w.Key, w => w.Value.ToFloats());

    /// <summary>Moves the slow weights and puts them into the session.</summary>
    /// <param name="progress">The part of the run that is done, 0 to 1.</param>
    public void Update(double progress) => Mix((float)(LastMemory * Math.Pow(progress, 3)));

    /// <summary>Puts the slow weights into the session as they are: the end of the run.</summary>
    public void Finish() => Mix(memory: 1);

    private void Mix(float memory)
    {
        IReadOnlyDictionary<string, OnnxTensor> fast = session.ReadWeights();
        var mixed = new Dictionary<string, OnnxTensor>();
        foreach ((string name, float[] slow) in _slow)
        {
            ReadOnlySpan<float> values = fast[name].Span<float>();
            for (int i = 0; i < slow.Length; i++)
                slow[i] = memory * slow[i] + (1 - memory) * values[i];
            mixed[name] = OnnxTensor.FromFloats(name, [.. fast[name].Shape], [.. slow]);
        }
        session.WriteWeights(mixed);
    }
}
