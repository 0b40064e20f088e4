namespace MLNetExtensions.Training.Targets;

/// <summary>Sums of figures over rows; null if the task has no such figure.</summary>
/// <param name="Right">The rows (or labels, as a fraction of a row's) that were predicted right.</param>
/// <param name="AbsoluteError">The distances between prediction and truth.</param>
internal readonly record struct OutputMeasures(double? Right, double? AbsoluteError)
{
    public static OutputMeasures operator +(OutputMeasures a, OutputMeasures b) =>
        new(a.Right + b.Right, a.AbsoluteError + b.AbsoluteError);

    public static OutputMeasures operator /(OutputMeasures sum, double count) => new(sum.Right / count, sum.AbsoluteError / count);
}
