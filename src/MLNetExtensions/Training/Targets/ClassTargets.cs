using System.Numerics.Tensors;
using System.Runtime.InteropServices;

namespace MLNetExtensions.Training.Targets;

/// <summary>One of several classes: an output for each, targets are probabilities.</summary>
/// <param name="labels">The class of each row, from 0.</param>
/// <param name="classes">The number of classes.</param>
/// <param name="labelSmoothing">The share of each target that is spread evenly over all classes (arXiv 1512.00567).</param>
/// <param name="classWeights">A weight for each class; null for equal weights.</param>
internal sealed class ClassTargets(int[] labels, int classes, float labelSmoothing = 0, IReadOnlyList<float>? classWeights = null) : TrainingTargets
{
    public override int Width => classes;

    public override int[] Labels => labels;

    public override void Encode(ReadOnlySpan<int> rows, bool training, Span<float> targets, Span<float> weights)
    {
        float smoothing = training ? labelSmoothing : 0;
        IReadOnlyList<float>? classes = training ? classWeights : null;
        for (int i = 0; i < rows.Length; i++)
        {
            int label = labels[rows[i]];
            Span<float> target = targets.Slice(i * Width, Width);
            // As PyTorch's CrossEntropyLoss: the weights are those of the target's classes, the divisor is the label's.
            for (int c = 0; c < target.Length; c++)
                target[c] = smoothing == 0 ? 0 : smoothing / Width * (classes?[c] ?? 1);
            weights[i] = classes?[label] ?? 1;
            target[label] += (1 - smoothing) * weights[i];
        }
    }

    public override OutputMeasures Measure(ReadOnlySpan<int> rows, ReadOnlySpan<float> outputs)
    {
        int right = 0;
        for (int i = 0; i < rows.Length; i++)
            right += TensorPrimitives.IndexOfMax(outputs.Slice(i * Width, Width)) == labels[rows[i]] ? 1 : 0;
        return new OutputMeasures(right, null);
    }

    public override string Fingerprint() => Hash(MemoryMarshal.AsBytes<int>(labels));
}
