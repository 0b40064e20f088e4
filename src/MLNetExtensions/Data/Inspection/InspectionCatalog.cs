using MLNetExtensions.Data.Inspection;
using MLNetExtensions.Data.Sources;
using MLNetExtensions.Data.Splits;

namespace Microsoft.ML;

/// <summary>Inspects sets of images.</summary>
public static class InspectionCatalog
{
    /// <summary>
    /// Inspects every image of a data view: images per class, sizes, formats, color modes, files that cannot be read, images that are the
    /// same or nearly so, mean and standard deviation of the channels, and warnings to look at before training.
    /// </summary>
    /// <param name="catalog">The catalog, <c>ml.Vision()</c>.</param>
    /// <param name="data">Rows with a column of images, and a label column if there is one. They are read once, and not changed.</param>
    /// <param name="options">The columns and the threads; null for the defaults.</param>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of another type, or a setting is out of range.</exception>
    /// <exception cref="ArgumentException">There are no rows.</exception>
    /// <exception cref="OperationCanceledException">It was canceled.</exception>
    /// <example><code>Console.WriteLine(ml.Vision().Inspect(ml.Data.LoadFromImageFolder("photos")));</code></example>
    public static DataInspection Inspect(this VisionOperationsCatalog catalog, IDataView data, InspectOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(data);
        return catalog.Inspect([new("data", data)], options);
    }

    /// <summary>Inspects every image of a split, and finds images that are in several of its parts.</summary>
    /// <param name="catalog">The catalog, <c>ml.Vision()</c>.</param>
    /// <param name="split">The result of <see cref="SplitCatalog.Split(VisionOperationsCatalog, IDataView, SplitOptions)"/>.</param>
    /// <param name="options">The columns and the threads; null for the defaults.</param>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of another type, or a setting is out of range.</exception>
    /// <exception cref="OperationCanceledException">It was canceled.</exception>
    public static DataInspection Inspect(this VisionOperationsCatalog catalog, DataSplit split, InspectOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(split);
        List<KeyValuePair<string, IDataView>> parts = [new("train", split.TrainSet)];
        if (split.ValidationSet is { } validation)
            parts.Add(new("validation", validation));
        parts.Add(new("test", split.TestSet));
        return catalog.Inspect(parts, options);
    }

    /// <summary>Inspects every image of several data views together, and finds images that are in more than one of them.</summary>
    /// <param name="catalog">The catalog, <c>ml.Vision()</c>.</param>
    /// <param name="parts">The data views with their names: a training and a test set that were split elsewhere.</param>
    /// <param name="options">The columns and the threads; null for the defaults.</param>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of another type, or a setting is out of range.</exception>
    /// <exception cref="ArgumentException">There are no rows, or two parts have one name.</exception>
    /// <exception cref="OperationCanceledException">It was canceled.</exception>
    public static DataInspection Inspect(
        this VisionOperationsCatalog catalog,
        IEnumerable<KeyValuePair<string, IDataView>> parts,
        InspectOptions? options = null
    )
    {
        ArgumentNullException.ThrowIfNull(parts);
        options ??= new InspectOptions();
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Threads, 1);
        List<KeyValuePair<string, IDataView>> all = [.. parts];
        List<string> names = all.ConvertAll(part => part.Key);
        if (names.Distinct().Count() != names.Count)
            throw new ArgumentException($"Parts need different names, got {string.Join(", ", names)}.", nameof(parts));
        var reading = new ImageReading(options);
        List<ImageFacts> images = [.. all.SelectMany(part => reading.Read(part.Key, part.Value))];
        if (images.Count == 0)
            throw new ArgumentException("The data have no rows to inspect.", nameof(parts));
        return InspectionSummary.Of(names, images, [.. all.SelectMany(part => LeftOutFiles.Of(part.Value.Schema)).Distinct()], options);
    }
}
