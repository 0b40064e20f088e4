using System.Runtime.InteropServices;
using MLNetExtensions.Compression.Evaluation;
using MLNetExtensions.Training.Targets;

namespace MLNetExtensions.Compression.Quantization;

/// <summary>The outputs of another model for each row, as targets.</summary>
internal sealed class AnswerTargets(ModelAnswers answers) : TrainingTargets
{
    public override int Width => answers.Width;

    public override float Encode(ReadOnlySpan<int> rows, bool training, Span<float> targets)
    {
        for (int i = 0; i < rows.Length; i++)
            answers.Outputs.AsSpan(rows[i] * Width, Width).CopyTo(targets[(i * Width)..]);
        return rows.Length;
    }

    public override OutputMeasures Measure(ReadOnlySpan<int> rows, ReadOnlySpan<float> outputs) => default;

    public override string Fingerprint() => Hash(MemoryMarshal.AsBytes<float>(answers.Outputs));
}
