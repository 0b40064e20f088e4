using Microsoft.ML;

namespace MLNetExtensions.Data.Splits;

/// <summary>The parts of a split; each row of the data is in one of them, in the data's order.</summary>
/// <param name="TrainSet">The rows to train on.</param>
/// <param name="ValidationSet">The rows to choose models by; null without <see cref="SplitOptions.ValidationFraction"/>.</param>
/// <param name="TestSet">The rows to measure the final model by.</param>
public sealed record DataSplit(IDataView TrainSet, IDataView? ValidationSet, IDataView TestSet);
