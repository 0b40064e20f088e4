using MLNetExtensions.Data;
using MLNetExtensions.Data.Preview;
using MLNetExtensions.Imaging;

namespace Microsoft.ML;

/// <summary>Shows labeled images.</summary>
public static class PreviewCatalog
{
    /// <summary>
    /// Draws the boxes and masks of the first images over them, in a grid. Each class has a color of its own, which stands below the grid; the class
    /// <c>background</c> of masks is clear, and pixels that do not count are white.
    /// </summary>
    /// <param name="catalog">The catalog, <c>ml.Vision()</c>.</param>
    /// <param name="data">Rows with paths of images, and boxes (<c>Label</c>, <c>BoundingBoxes</c>), masks (<c>MaskPath</c> or <c>Mask</c>, with
    /// their classes) or both.</param>
    /// <param name="file">The PNG file to write.</param>
    /// <param name="options">Columns, sizes, numbers; null for the defaults.</param>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of another type, or a setting is out of range.</exception>
    /// <exception cref="ArgumentException">There are no rows, or neither boxes nor masks.</exception>
    /// <exception cref="InvalidImageException">An image or a mask cannot be read.</exception>
    /// <exception cref="InvalidDataException">Columns of a row do not fit together.</exception>
    /// <example><code>ml.Vision().PreviewLabels(ml.Data.LoadFromCoco("train.json"), "labels.png");</code></example>
    public static void PreviewLabels(
        this VisionOperationsCatalog catalog,
        IDataView data,
        string file,
        PreviewLabelsOptions? options = null
    )
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(data);
        ArgumentException.ThrowIfNullOrWhiteSpace(file);
        options ??= new PreviewLabelsOptions();
        var problems = new OptionProblems();
        options.Check(problems);
        problems.Throw();
        LabelPreview.Write(data, file, options);
    }
}
