using System.Runtime.InteropServices;
using MLNetExtensions.Training.Losses;

namespace MLNetExtensions.Training.Targets;

/// <summary>
/// One of several levels in an order: an output for each step between neighbors, the logit that the level is above it
/// (<see cref="Ordinal"/>).
/// </summary>
/// <param name="labels">The level of each row, from 0.</param>
/// <param name="levels">The number of levels.</param>
internal sealed class OrdinalTargets(int[] labels, int levels) : TrainingTargets
{
    private static readonly Ordinal Loss = new();

    public override int Width => levels - 1;

    public override int[] Labels => labels;

    public override float Encode(ReadOnlySpan<int> rows, bool training, Span<float> targets) =>
        Loss.Encode(Select(labels, rows), Width, targets);

    public override OutputMeasures Measure(ReadOnlySpan<int> rows, ReadOnlySpan<float> outputs)
    {
        Span<float> probabilities = levels <= 256 ? stackalloc float[levels] : new float[levels];
        double right = 0,
            error = 0;
        for (int i = 0; i < rows.Length; i++)
        {
            LevelProbabilities(outputs.Slice(i * Width, Width), probabilities);
            int distance = Math.Abs(System.Numerics.Tensors.TensorPrimitives.IndexOfMax<float>(probabilities) - labels[rows[i]]);
            right += distance == 0 ? 1 : 0;
            error += distance;
        }
        return new OutputMeasures(right, error);
    }

    public override string Fingerprint() => Hash(MemoryMarshal.AsBytes<int>(labels));

    /// <summary>
    /// Computes the probabilities as the exported model does: a logit that rises again is cut to the one before it, so that no level gets a
    /// negative probability.
    /// </summary>
    internal static void LevelProbabilities(ReadOnlySpan<float> logits, Span<float> probabilities)
    {
        float above = 1,
            smallest = float.PositiveInfinity;
        for (int step = 0; step < logits.Length; step++)
        {
            smallest = Math.Min(smallest, logits[step]);
            float next = 1 / (1 + MathF.Exp(-smallest));
            probabilities[step] = above - next;
            above = next;
        }
        probabilities[logits.Length] = above;
    }
}
