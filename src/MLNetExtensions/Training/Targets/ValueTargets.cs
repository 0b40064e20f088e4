using System.Runtime.InteropServices;

namespace MLNetExtensions.Training.Targets;

/// <summary>
/// A number: one output. The network learns it standardized by the training rows, so that one learning rate suits prices and percentages;
/// the exported model undoes that.
/// </summary>
internal sealed class ValueTargets : TrainingTargets
{
    private readonly float[] _values;

    /// <param name="values">The value of each row.</param>
    /// <param name="trainingRows">The rows that mean and deviation are taken from.</param>
    public ValueTargets(float[] values, int[] trainingRows)
    {
        _values = values;
        Mean = trainingRows.Length == 0 ? 0 : (float)trainingRows.Average(row => (double)values[row]);
        double variance = trainingRows.Length == 0 ? 0 : trainingRows.Average(row => Math.Pow((double)values[row] - Mean, 2));
        // Equal values have nothing to divide by.
        Deviation = variance > 0 ? (float)Math.Sqrt(variance) : 1;
    }

    public override int Width => 1;

    /// <summary>The training rows' mean.</summary>
    public float Mean { get; }

    /// <summary>The training rows' standard deviation.</summary>
    public float Deviation { get; }

    public override float Encode(ReadOnlySpan<int> rows, bool training, Span<float> targets)
    {
        for (int i = 0; i < rows.Length; i++)
            targets[i] = (_values[rows[i]] - Mean) / Deviation;
        return rows.Length;
    }

    public override OutputMeasures Measure(ReadOnlySpan<int> rows, ReadOnlySpan<float> outputs)
    {
        double error = 0;
        for (int i = 0; i < rows.Length; i++)
            error += Math.Abs((double)outputs[i] * Deviation + Mean - _values[rows[i]]);
        return new OutputMeasures(null, error);
    }

    public override string Fingerprint() => Hash(MemoryMarshal.AsBytes<float>(_values));
}
