using MLNetExtensions.Backbones;
using MLNetExtensions.Backbones.Comparing;
using MLNetExtensions.Data;
using MLNetExtensions.Data.Schema;

namespace Microsoft.ML;

/// <summary>Compares preprocessings for a backbone.</summary>
public static class PreprocessingCatalog
{
    /// <summary>
    /// Compares the usual preprocessings for a backbone whose own is not known, by how well its features then separate the classes.
    /// </summary>
    /// <param name="catalog">The catalog, <c>ml.Vision()</c>.</param>
    /// <param name="data">Labeled images of at least two classes, at least two per class.</param>
    /// <param name="backbone">The network.</param>
    /// <param name="labelColumnName">The column of classes: a key.</param>
    /// <param name="imageColumnName">The image column.</param>
    /// <returns>The preprocessings, best first.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of another type.</exception>
    /// <exception cref="InvalidOperationException">There are too few images, or of one class only.</exception>
    public static IReadOnlyList<PreprocessingComparison> ComparePreprocessing(
        this VisionOperationsCatalog catalog,
        IDataView data,
        Backbone backbone,
        string labelColumnName = DefaultColumnNames.Label,
        string imageColumnName = DefaultColumnNames.Image
    ) =>
        catalog.ComparePreprocessing(
            data,
            new ComparePreprocessingOptions
            {
                Backbone = backbone,
                LabelColumnName = labelColumnName,
                ImageColumnName = imageColumnName,
            }
        );

    /// <summary>
    /// Compares the usual preprocessings for a backbone whose own is not known, by how well its features then separate the classes.
    /// </summary>
    /// <param name="catalog">The catalog, <c>ml.Vision()</c>.</param>
    /// <param name="data">Labeled images of at least two classes, at least two per class.</param>
    /// <param name="options">The settings.</param>
    /// <returns>The preprocessings, best first.</returns>
    /// <exception cref="ArgumentException">A setting is missing or out of range.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of another type.</exception>
    /// <exception cref="InvalidOperationException">There are too few images, or of one class only.</exception>
    public static IReadOnlyList<PreprocessingComparison> ComparePreprocessing(
        this VisionOperationsCatalog catalog,
        IDataView data,
        ComparePreprocessingOptions options
    )
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(options);
        options = options.Clone();
        options.Validate();
        Backbone backbone = options.Backbone!;
        var columns = new ImageRowsOptions
        {
            ImageColumnName = options.ImageColumnName,
            LabelColumnName = options.LabelColumnName,
            ImageFolder = options.ImageFolder,
        };
        return PreprocessingTrial.Compare(
                catalog.Context,
                backbone,
                BackboneCut.Cut(backbone),
                data,
                columns,
                options.MaximumImages,
                options.CancellationToken
            )
            ?? throw new InvalidOperationException(
                $"Column '{options.LabelColumnName}' must have at least two classes with two images each, to tell which preprocessing "
                    + $"separates classes best."
            );
    }
}
