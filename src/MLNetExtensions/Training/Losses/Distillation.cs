namespace MLNetExtensions.Training.Losses;

/// <summary>
/// Knowledge distillation (arXiv 1503.02531): <c>alpha * T^2 * KL(softmax(teacher / T) || softmax(student / T)) + (1 - alpha) * cross-entropy</c>. A row's
/// targets are its encoded classes and, behind them, the teacher's logits: twice as many values as outputs.
/// </summary>
/// <param name="Temperature">T: how much the teacher's probabilities are evened out.</param>
/// <param name="Alpha">The teacher's share of the loss, 0 to 1.</param>
public sealed record Distillation(float Temperature = 4, float Alpha = 0.5f) : ClassificationLoss
{
    /// <inheritdoc/>
    public override int TargetWidth(int width) => 2 * width;

    /// <summary>Writes the classes' half of the targets and leaves the teacher's half, the last <paramref name="width"/> values of each row, as it is.</summary>
    /// <inheritdoc/>
    /// <returns>The number of rows.</returns>
    public override float Encode(ReadOnlySpan<int> labels, int width, Span<float> targets)
    {
        for (int row = 0; row < labels.Length; row++)
        {
            Span<float> classes = targets.Slice(2 * row * width, width);
            classes.Clear();
            classes[labels[row]] = 1;
        }
        return labels.Length;
    }

    /// <inheritdoc/>
    public override double Sum(ReadOnlySpan<float> outputs, ReadOnlySpan<float> targets, int width)
    {
        double sum = 0;
        for (int offset = 0; offset < outputs.Length; offset += width)
        {
            ReadOnlySpan<float> student = outputs.Slice(offset, width);
            ReadOnlySpan<float> teacher = targets.Slice(2 * offset + width, width);
            double studentTotal = Logits.LogSumExp(student, Temperature), teacherTotal = Logits.LogSumExp(teacher, Temperature), divergence = 0;
            for (int c = 0; c < width; c++)
            {
                double logTeacher = teacher[c] / Temperature - teacherTotal;
                divergence += Math.Exp(logTeacher) * (logTeacher - (student[c] / Temperature - studentTotal));
            }
            sum += Alpha * Temperature * Temperature * divergence;
            sum += (1 - Alpha) * CrossEntropy.Row(student, targets.Slice(2 * offset, width));
        }
        return sum;
    }
}
