using Microsoft.ML;
using MLNetExtensions.Data.Schema;
using MLNetExtensions.Imaging;
using MLNetExtensions.Imaging.Augmentations;

namespace MLNetExtensions.Trainers.Augmenting;

/// <summary>
/// Marks a column of images with an augmentation for the trainer that follows; <c>ml.Transforms.AugmentImages</c> creates it.
/// </summary>
/// <remarks>
/// The mark belongs to the column: append this right before the trainer, because an operation that replaces the column (ResizeImages) drops
/// it. Nothing is learned, no image is changed; exportable to ONNX: nothing to export.
/// </remarks>
public sealed class AugmentationEstimator : IEstimator<AugmentationTransformer>
{
    private readonly string _columnName;
    private readonly Augmentation _augmentation;

    internal AugmentationEstimator(Augmentation augmentation, string columnName)
    {
        ArgumentNullException.ThrowIfNull(augmentation);
        ArgumentException.ThrowIfNullOrWhiteSpace(columnName);
        var problems = new OptionProblems();
        augmentation.Check(SettingChecks.Of(problems, nameof(augmentation), augmentation));
        problems.Throw();
        (_columnName, _augmentation) = (columnName, augmentation);
    }

    /// <summary>Creates the transformer; no row is read.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The column is missing.</exception>
    public AugmentationTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return input.Schema.GetColumnOrNull(_columnName) is null
            ? throw MissingColumn.In(input.Schema, "input", _columnName, AugmentationTransformer.Next)
            : new AugmentationTransformer(_columnName, _augmentation);
    }

    /// <summary>Returns the schema unchanged.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The column is missing.</exception>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        return SchemaShapes.Find(inputSchema, _columnName) is null
            ? throw MissingColumn.In(inputSchema, "input", _columnName, AugmentationTransformer.Next)
            : inputSchema;
    }
}
