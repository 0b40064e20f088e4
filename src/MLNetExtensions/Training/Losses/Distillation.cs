using MLNetExtensions.Imaging;

namespace MLNetExtensions.Training.Losses;

/// <summary>
/// Knowledge distillation (arXiv 1503.02531): <c>alpha * T^2 * KL(softmax(teacher / T) || softmax(student / T)) + (1 - alpha) *
/// cross-entropy</c>. A row's targets are its encoded classes followed by the teacher's logits: twice as many values as outputs.
/// </summary>
/// <param name="Temperature">The temperature T that softens the probabilities.</param>
/// <param name="Alpha">The weight of the teacher in the loss, 0 to 1.</param>
public sealed record Distillation(float Temperature = 4, float Alpha = 0.5f) : ClassificationLoss
{
    /// <summary>The encoding of classes: label smoothing and class weights.</summary>
    public CrossEntropy Labels { get; init; } = new();

    /// <summary>
    /// The number of values at the end of a row's outputs that are not logits but features, to match the teacher's features at the end of
    /// its targets (arXiv 1412.6550): their mean squared difference, times <see cref="HintWeight"/>, is added.
    /// </summary>
    /// <value>The default is 0.</value>
    public int Hints { get; init; }

    /// <summary>The weight of the features' difference.</summary>
    /// <value>The default is 1.</value>
    public float HintWeight { get; init; } = 1;

    /// <inheritdoc/>
    public override int TargetWidth(int width) => 2 * (width - Hints) + Hints;

    /// <summary>Writes the classes' part of the targets and does not change the teacher's, the last values of each row.</summary>
    /// <inheritdoc/>
    public override float Encode(ReadOnlySpan<int> labels, int width, Span<float> targets)
    {
        int classes = width - Hints;
        float[] encoded = new float[labels.Length * classes];
        float total = Labels.Encode(labels, classes, encoded);
        for (int row = 0; row < labels.Length; row++)
            encoded.AsSpan(row * classes, classes).CopyTo(targets[(row * TargetWidth(width))..]);
        return total;
    }

    /// <inheritdoc/>
    public override double Sum(ReadOnlySpan<float> outputs, ReadOnlySpan<float> targets, int width)
    {
        int classes = width - Hints;
        double sum = 0;
        for (int row = 0; row < outputs.Length / width; row++)
        {
            ReadOnlySpan<float> output = outputs.Slice(row * width, width),
                target = targets.Slice(row * TargetWidth(width), TargetWidth(width));
            ReadOnlySpan<float> student = output[..classes],
                teacher = target.Slice(classes, classes);
            double studentTotal = Logits.LogSumExp(student, Temperature),
                teacherTotal = Logits.LogSumExp(teacher, Temperature),
                divergence = 0;
            for (int c = 0; c < classes; c++)
            {
                double logTeacher = teacher[c] / Temperature - teacherTotal;
                divergence += Math.Exp(logTeacher) * (logTeacher - (student[c] / Temperature - studentTotal));
            }
            sum += Alpha * Temperature * Temperature * divergence;
            sum += (1 - Alpha) * CrossEntropy.Row(student, target[..classes]);
            double difference = 0;
            for (int i = 0; i < Hints; i++)
                difference += Math.Pow(output[classes + i] - target[2 * classes + i], 2);
            sum += Hints > 0 ? HintWeight * difference / Hints : 0;
        }
        return sum;
    }

    internal override void Check(SettingChecks checks)
    {
        checks.Positive(Temperature);
        checks.InRange(Alpha, 0, 1);
        checks.AtLeast(HintWeight, 0);
    }
}
