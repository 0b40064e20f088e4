using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using MLNetExtensions.Training.Losses;

namespace MLNetExtensions.Training.Targets;

/// <summary>One of several classes: an output for each.</summary>
/// <param name="labels">The class of each row, from 0.</param>
/// <param name="classes">The number of classes.</param>
/// <param name="loss">Encodes the training targets, with its label smoothing and class weights.</param>
internal sealed class ClassTargets(int[] labels, int classes, ClassificationLoss loss) : TrainingTargets
{
    private static readonly CrossEntropy Plain = new();

    public override int Width => classes;

    public override int[] Labels => labels;

    public override float Encode(ReadOnlySpan<int> rows, bool training, Span<float> targets) =>
        (training ? loss : Plain).Encode(Select(labels, rows), classes, targets);

    public override OutputMeasures Measure(ReadOnlySpan<int> rows, ReadOnlySpan<float> outputs)
    {
        int right = 0;
        for (int i = 0; i < rows.Length; i++)
            right += TensorPrimitives.IndexOfMax(outputs.Slice(i * Width, Width)) == labels[rows[i]] ? 1 : 0;
        return new OutputMeasures(right, null);
    }

    public override string Fingerprint() => Hash(MemoryMarshal.AsBytes<int>(labels));
}
