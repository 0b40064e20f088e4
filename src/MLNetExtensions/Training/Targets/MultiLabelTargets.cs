using System.Runtime.InteropServices;

namespace MLNetExtensions.Training.Targets;

/// <summary>Any number of labels at once: an output for each, the logit that the image has it.</summary>
/// <param name="values">rows x labels values of 0 or 1 (or in between: how sure the label is).</param>
/// <param name="count">The number of labels.</param>
internal sealed class MultiLabelTargets(float[] values, int count) : TrainingTargets
{
    public override int Width => count;

    public override float Encode(ReadOnlySpan<int> rows, bool training, Span<float> targets)
    {
        for (int i = 0; i < rows.Length; i++)
            values.AsSpan(rows[i] * count, count).CopyTo(targets[(i * count)..]);
        return rows.Length;
    }

    public override OutputMeasures Measure(ReadOnlySpan<int> rows, ReadOnlySpan<float> outputs)
    {
        double right = 0;
        for (int i = 0; i < rows.Length; i++)
        {
            int labels = 0;
            for (int label = 0; label < count; label++)
                labels += outputs[i * count + label] > 0 == values[rows[i] * count + label] > 0.5f ? 1 : 0;
            right += (double)labels / count;
        }
        return new OutputMeasures(right, null);
    }

    public override string Fingerprint() => Hash(MemoryMarshal.AsBytes<float>(values));
}
