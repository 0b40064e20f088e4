using Microsoft.ML;
using MLNetExtensions.Imaging;

namespace MLNetExtensions.Data.Inspection;

/// <summary>
/// The content of a set of images and the problems in it;
/// <see cref="InspectionCatalog.Inspect(VisionOperationsCatalog, IDataView, InspectOptions)"/> makes it. <see cref="ToString()"/> prints
/// it.
/// </summary>
public sealed record DataInspection
{
    /// <summary>The parts that were inspected together: training set, test set.</summary>
    public required IReadOnlyList<string> Parts { get; init; }

    /// <summary>The number of images, bad ones included.</summary>
    public required int Count { get; init; }

    /// <summary>The classes, in ordinal order; empty without a label column.</summary>
    public required IReadOnlyList<ClassCount> Classes { get; init; }

    /// <summary>The images that cannot be read, with reasons.</summary>
    public required IReadOnlyList<UnreadableImage> UnreadableImages { get; init; }

    /// <summary>The smallest, the median and the largest width, in pixels, upright.</summary>
    public required SizeRange Width { get; init; }

    /// <summary>The smallest, the median and the largest height, in pixels, upright.</summary>
    public required SizeRange Height { get; init; }

    /// <summary>The number of images of each file format: Jpeg, Png ...; none for images that were decoded before.</summary>
    public required IReadOnlyDictionary<string, int> Formats { get; init; }

    /// <summary>The number of images of each color mode: RGB, RGBA (with transparency), Gray.</summary>
    public required IReadOnlyDictionary<string, int> Modes { get; init; }

    /// <summary>The files whose extension does not match their format.</summary>
    public required IReadOnlyList<ImageReference> WrongExtensions { get; init; }

    /// <summary>The number of images that the camera turned (EXIF orientation).</summary>
    public required int Turned { get; init; }

    /// <summary>
    /// The images of unsupported formats, and the folders without a readable image, which <c>LoadFolder</c> and <c>LoadArchive</c> left
    /// out.
    /// </summary>
    public required IReadOnlyList<string> LeftOut { get; init; }

    /// <summary>The JPEG files that lack only their end marker: they are read, as in libjpeg.</summary>
    public required IReadOnlyList<ImageReference> Unended { get; init; }

    /// <summary>The images of a single color.</summary>
    public required IReadOnlyList<ImageReference> Uniform { get; init; }

    /// <summary>
    /// The mean of red, green and blue, each 0 to 1; each image has the same weight. For <see cref="ImagePreprocessing.Mean"/>.
    /// </summary>
    public required IReadOnlyList<float> Mean { get; init; }

    /// <summary>
    /// The standard deviation of red, green and blue, each 0 to 1. For <see cref="ImagePreprocessing.StandardDeviation"/>.
    /// </summary>
    public required IReadOnlyList<float> StandardDeviation { get; init; }

    /// <summary>The duplicate and nearly duplicate images, the largest group first.</summary>
    public required IReadOnlyList<DuplicateGroup> Duplicates { get; init; }

    /// <summary>The boxes around objects; null if the data have none (<c>BoundingBoxes</c>).</summary>
    public BoxInspection? Boxes { get; init; }

    /// <summary>The masks; null if the data have none (<c>MaskPath</c> or <c>Mask</c>, with their classes).</summary>
    public MaskInspection? Masks { get; init; }

    /// <summary>The findings to look at before training, as sentences; empty if there are none.</summary>
    public required IReadOnlyList<string> Warnings { get; init; }

    /// <summary>The duplicates that are in several parts: measuring on them tells nothing about new images.</summary>
    public IEnumerable<DuplicateGroup> DuplicatesAcrossParts => Duplicates.Where(group => group.CrossesParts);

    /// <summary>The duplicates with different labels: at least one label is wrong.</summary>
    public IEnumerable<DuplicateGroup> LabelConflicts => Duplicates.Where(group => group.HasDifferentLabels);

    /// <summary>Formats the inspection as text.</summary>
    public override string ToString() => InspectionText.Of(this);
}
