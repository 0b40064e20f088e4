using MLNetExtensions.Data;
using MLNetExtensions.Tool.Settings;
using MLNetExtensions.Tool.Tasks;

namespace MLNetExtensions.Tool.Data.Annotations;

/// <summary>What a user says of images with boxes or masks.</summary>
/// <param name="Task">What they are for.</param>
/// <param name="Path">A folder, or a file of annotations.</param>
/// <param name="Origin">Where the path was given, for messages.</param>
internal sealed record AnnotationRequest(VisionTask Task, string Path, string Origin)
{
    /// <summary>The format; null to find it by looking.</summary>
    public AnnotationFormat? Format { get; init; }

    /// <summary>The folder of the images; null to find it.</summary>
    public string? ImageFolder { get; init; }

    /// <summary>The folder of the masks; null to find it.</summary>
    public string? MaskFolder { get; init; }

    /// <summary>The classes' names, separated by commas, or a file of them; null for those of the data.</summary>
    public string? Classes { get; init; }

    /// <summary>The index of pixels of masks that do not count.</summary>
    public int IgnoredIndex { get; init; } = 255;

    /// <summary>The handling of boxes that cannot be right.</summary>
    public InvalidBoxHandling InvalidBoxes { get; init; }

    /// <summary>What settings say of the images at a path.</summary>
    public static AnnotationRequest Of(VisionTask task, string path, string origin, SettingValues values) =>
        new(task, path, origin)
        {
            Format = values.Text(TrainSettings.Format) is { } word ? AnnotationFormats.Parse(word) : null,
            ImageFolder = values.Text(TrainSettings.ImageFolder),
            MaskFolder = values.Text(TrainSettings.MaskFolder),
            Classes = values.Text(TrainSettings.Classes),
            IgnoredIndex = values.Integer(TrainSettings.IgnoredIndex, 0, 255) ?? 255,
            InvalidBoxes = values.Text(TrainSettings.InvalidBoxes) is { } handling
                ? Enum.Parse<InvalidBoxHandling>(handling, ignoreCase: true)
                : InvalidBoxHandling.Refuse,
        };

    /// <summary>The same for other data: folders of masks, and of their images, are looked for there.</summary>
    public AnnotationRequest Elsewhere() => this with { ImageFolder = MaskFolder is null ? ImageFolder : null, MaskFolder = null };
}
