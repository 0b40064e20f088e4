using Microsoft.ML.Runtime;
using MLNetExtensions.Data.Schema;
using MLNetExtensions.Imaging;
using MLNetExtensions.Imaging.Augmentations;
using MLNetExtensions.Trainers.Augmenting;

namespace Microsoft.ML;

/// <summary>Augments images.</summary>
public static class AugmentationCatalog
{
    /// <summary>
    /// Marks a column of images with an augmentation for the trainer that follows. It changes no images: in scoring, in PredictionEngine
    /// and in the hold-out rows of CrossValidate it does nothing. An Augmentation in the trainer's options takes precedence over the mark.
    /// </summary>
    /// <param name="catalog">The catalog, <c>ml.Transforms</c>.</param>
    /// <param name="augmentation">The augmentation that the trainer applies to the images.</param>
    /// <param name="columnName">The column of images: an image, a path or encoded bytes.</param>
    /// <exception cref="ArgumentNullException"><paramref name="augmentation"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException">Settings of the augmentation are out of range; the message lists all of
    /// them.</exception>
    /// <example><code>
    /// var pipeline = ml.Transforms.AugmentImages(Augment.Standard(),
    /// "ImagePath").Append(ml.MulticlassClassification.Trainers.FineTune(options));
    /// </code></example>
    public static AugmentationEstimator AugmentImages(
        this TransformsCatalog catalog,
        Augmentation augmentation,
        string columnName = DefaultColumnNames.Image
    ) => new(augmentation, columnName);

    /// <summary>Writes augmented copies of images as files.</summary>
    /// <param name="catalog">The catalog, <c>ml.Vision()</c>.</param>
    /// <param name="data">The images.</param>
    /// <param name="augmentation">The augmentation to apply.</param>
    /// <param name="folder">The folder of the files, with a sub-folder for each label; created if missing.</param>
    /// <param name="options">Columns, sizes, number of copies, format; null for the defaults.</param>
    /// <returns>The files: columns <c>ImagePath</c> and <c>Label</c> (empty if there are no labels), in the order of the rows.</returns>
    /// <exception cref="IOException">The folder is not empty, or it cannot be written to.</exception>
    /// <exception cref="InvalidImageException">More images than <see cref="AugmentToFilesOptions.MaxInvalidImages"/> cannot be
    /// read.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of another type, or a setting is out of range.</exception>
    public static IDataView AugmentToFiles(
        this VisionOperationsCatalog catalog,
        IDataView data,
        Augmentation augmentation,
        string folder,
        AugmentToFilesOptions? options = null
    ) => catalog.AugmentToFiles(data, augmentation, folder, options, out _);

    /// <summary>Writes augmented copies of images as files, and lists those that could not be read.</summary>
    /// <param name="catalog">The catalog, <c>ml.Vision()</c>.</param>
    /// <param name="data">The images.</param>
    /// <param name="augmentation">The augmentation to apply.</param>
    /// <param name="folder">The folder of the files, with a sub-folder for each label; created if missing.</param>
    /// <param name="options">Columns, sizes, number of copies, format; null for the defaults.</param>
    /// <param name="invalidImages">The images that were left out, as <see cref="AugmentToFilesOptions.MaxInvalidImages"/> allows; they are
    /// logged as warnings too.</param>
    /// <returns>The files: columns <c>ImagePath</c> and <c>Label</c> (empty if there are no labels), in the order of the rows.</returns>
    /// <exception cref="IOException">The folder is not empty, or it cannot be written to.</exception>
    /// <exception cref="InvalidImageException">More images than <see cref="AugmentToFilesOptions.MaxInvalidImages"/> cannot be
    /// read.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of another type, or a setting is out of range.</exception>
    public static IDataView AugmentToFiles(
        this VisionOperationsCatalog catalog,
        IDataView data,
        Augmentation augmentation,
        string folder,
        AugmentToFilesOptions? options,
        out IReadOnlyList<InvalidImage> invalidImages
    )
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(augmentation);
        ArgumentException.ThrowIfNullOrWhiteSpace(folder);
        options = options?.Clone() ?? new AugmentToFilesOptions();
        var problems = new OptionProblems();
        options.Check(problems);
        augmentation.Check(SettingChecks.Of(problems, nameof(augmentation), augmentation));
        problems.Throw();
        using IChannel channel = ((IHostEnvironment)catalog.Context).Register(nameof(AugmentToFiles)).Start("Writing");
        return catalog.Context.Data.LoadFromEnumerable(
            AugmentedFiles.Write(data, augmentation, folder, options, channel, out invalidImages)
        );
    }

    /// <summary>Draws a preview grid: a row for each of the first images, with the image itself, then augmented ones.</summary>
    /// <param name="catalog">The catalog, <c>ml.Vision()</c>.</param>
    /// <param name="data">The images.</param>
    /// <param name="augmentation">The augmentation to apply.</param>
    /// <param name="file">The PNG file to write.</param>
    /// <param name="options">Columns, sizes, numbers; null for the defaults.</param>
    /// <exception cref="InvalidImageException">An image cannot be read.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of another type, or a setting is out of range.</exception>
    public static void PreviewAugmentation(
        this VisionOperationsCatalog catalog,
        IDataView data,
        Augmentation augmentation,
        string file,
        AugmentPreviewOptions? options = null
    )
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(augmentation);
        ArgumentException.ThrowIfNullOrWhiteSpace(file);
        options ??= new AugmentPreviewOptions();
        var problems = new OptionProblems();
        options.Check(problems);
        augmentation.Check(SettingChecks.Of(problems, nameof(augmentation), augmentation));
        problems.Throw();
        PreviewGrid.Write(data, augmentation, file, options);
    }
}
