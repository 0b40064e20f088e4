using Microsoft.ML;
using MLNetExtensions.Data.Splits;

namespace MLNetExtensions.Search.Running;

/// <summary>The parts of the rows that trials train and are measured on.</summary>
/// <param name="Train">The rows to train on.</param>
/// <param name="Validation">The rows to measure on.</param>
internal sealed record SweepPart(IDataView Train, IDataView Validation)
{
    /// <summary>Splits the rows as the options say.</summary>
    /// <exception cref="ArgumentException">There are too few rows, or a column is missing.</exception>
    public static IReadOnlyList<SweepPart> Of(MLContext context, IDataView data, SweepOptions options, SweepMetric metric, int seed)
    {
        if (options.ValidationSet is not null)
            return [new SweepPart(data, options.ValidationSet)];
        var split = new SplitOptions
        {
            TestFraction = options.ValidationFraction ?? 0.2,
            StratifyColumnName = metric.ClassColumnName is { } label && data.Schema.GetColumnOrNull(label) is not null ? label : null,
            GroupColumnName = options.GroupColumnName,
            Seed = seed,
        };
        if (options.Folds is { } folds)
            return [.. context.Vision().Folds(data, folds, split).Select(fold => new SweepPart(fold.TrainSet, fold.TestSet))];
        DataSplit parts = context.Vision().Split(data, split);
        return [new SweepPart(parts.TrainSet, parts.TestSet)];
    }
}
