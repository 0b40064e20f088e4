using Microsoft.ML;
using MLNetExtensions.Data.Schema;

namespace MLNetExtensions.Data.Splits;

/// <summary>
/// The options of <see cref="SplitCatalog.Split(VisionOperationsCatalog, IDataView, SplitOptions)"/> and <see cref="SplitCatalog.Folds"/>.
/// </summary>
public sealed record SplitOptions
{
    /// <summary>The fraction of rows for the test set, 0 to 1.</summary>
    /// <value>The default is 0.2.</value>
    public double TestFraction { get; init; } = 0.2;

    /// <summary>The fraction of rows for the validation set, 0 to 1.</summary>
    /// <value>The default is 0: there is none.</value>
    public double ValidationFraction { get; init; }

    /// <summary>The column whose values each part has in the same proportions as the whole; null for a split purely at random.</summary>
    /// <value>The default is Label. Without a column of that name the split is purely at random.</value>
    public string? StratifyColumnName { get; init; } = DefaultColumnNames.Label;

    /// <summary>
    /// The column to group by: rows of equal value stay together. Images of one patient, one film, one place must not be in two parts of a
    /// split.
    /// </summary>
    /// <value>The default is null: rows are not grouped.</value>
    public string? GroupColumnName { get; init; }

    /// <summary>The seed: the same seed gives the same split of the same rows, on every machine.</summary>
    /// <value>The default is 1.</value>
    public int Seed { get; init; } = 1;
}
