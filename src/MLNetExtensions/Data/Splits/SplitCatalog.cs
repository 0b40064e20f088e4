using Microsoft.ML.Data;
using MLNetExtensions.Data.Splits;

namespace Microsoft.ML;

/// <summary>Splits sets of images.</summary>
public static class SplitCatalog
{
    /// <summary>Splits rows into a training and a test set with the same proportions of labels.</summary>
    /// <param name="catalog">The catalog, <c>ml.Vision()</c>.</param>
    /// <param name="data">The rows. Only the label column is read.</param>
    /// <param name="testFraction">The fraction of rows for the test set, above 0 and below 1.</param>
    /// <param name="seed">The seed: the same seed gives the same split of the same rows.</param>
    /// <exception cref="ArgumentOutOfRangeException">A setting is out of range.</exception>
    /// <exception cref="ArgumentException">There are too few rows.</exception>
    /// <example><code>DataSplit split = ml.Vision().Split(ml.Data.LoadFromImageFolder("photos"), testFraction: 0.2);</code></example>
    public static DataSplit Split(this VisionOperationsCatalog catalog, IDataView data, double testFraction = 0.2, int seed = 1) =>
        catalog.Split(data, new SplitOptions { TestFraction = testFraction, Seed = seed });

    /// <summary>
    /// Splits rows into a training, a validation and a test set with the same proportions of labels. If the options name a group column,
    /// the rows of a group are all in the same part.
    /// </summary>
    /// <remarks>
    /// With groups, proportions are as close as whole groups allow: the largest group first, each goes to the part that it brings closest
    /// to its share of every label. The parts are views of <paramref name="data"/>, in its order; nothing is copied.
    /// </remarks>
    /// <param name="catalog">The catalog, <c>ml.Vision()</c>.</param>
    /// <param name="data">The rows. Only the columns that the options name are read.</param>
    /// <param name="options">The fractions, the columns and the seed.</param>
    /// <exception cref="ArgumentOutOfRangeException">A setting is out of range, or a column is missing or of another type.</exception>
    /// <exception cref="ArgumentException">There are too few rows or groups.</exception>
    public static DataSplit Split(this VisionOperationsCatalog catalog, IDataView data, SplitOptions options)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(options);
        double test = options.TestFraction,
            validation = options.ValidationFraction;
        if (!(test > 0 && validation >= 0 && test + validation < 1))
            throw new ArgumentOutOfRangeException(
                nameof(options),
                $"TestFraction {test} must be above 0, ValidationFraction {validation} at least 0, and both together below 1."
            );
        bool hasValidation = validation > 0;
        HashSet<DataViewRowId>[] rows = DataSplitter.Split(
            data,
            hasValidation ? [1 - test - validation, validation, test] : [1 - test, test],
            options
        );
        return new DataSplit(
            new RowSubset(data, rows[0]),
            hasValidation ? new RowSubset(data, rows[1]) : null,
            new RowSubset(data, rows[^1])
        );
    }

    /// <summary>Splits rows for cross-validation: each row is in the test set of one fold.</summary>
    /// <param name="catalog">The catalog, <c>ml.Vision()</c>.</param>
    /// <param name="data">The rows. Only the columns that the options name are read.</param>
    /// <param name="folds">The number of folds, at least 2.</param>
    /// <param name="options">The columns and the seed; the fractions are not used. Null for the defaults.</param>
    /// <exception cref="ArgumentOutOfRangeException">A setting is out of range, or a column is missing or of another type.</exception>
    /// <exception cref="ArgumentException">There are too few rows or groups.</exception>
    public static IReadOnlyList<DataSplit> Folds(
        this VisionOperationsCatalog catalog,
        IDataView data,
        int folds = 5,
        SplitOptions? options = null
    )
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentOutOfRangeException.ThrowIfLessThan(folds, 2);
        HashSet<DataViewRowId>[] rows = DataSplitter.Split(data, [.. Enumerable.Repeat(1.0 / folds, folds)], options ?? new SplitOptions());
        return
        [
            .. rows.Select(test => new DataSplit(
                new RowSubset(data, [.. rows.Where(part => part != test).SelectMany(part => part)]),
                null,
                new RowSubset(data, test)
            )),
        ];
    }
}
