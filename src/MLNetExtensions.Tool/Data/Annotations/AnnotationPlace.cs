namespace MLNetExtensions.Tool.Data.Annotations;

/// <summary>Where the boxes or masks of some images are.</summary>
/// <param name="Format">Their format.</param>
/// <param name="Path">The file of COCO and VoTT; the folder of the others, for masks that of the masks.</param>
internal sealed record AnnotationPlace(AnnotationFormat Format, string Path)
{
    /// <summary>The folder of the images; null for where the format has them.</summary>
    public string? Images { get; init; }

    /// <summary>YOLO's sub-folder of images and labels; null for all.</summary>
    public string? Part { get; init; }

    /// <summary>Pascal VOC's list of images; null for all.</summary>
    public string? ImageSet { get; init; }

    /// <summary>The folder that a list of classes is looked for in.</summary>
    public string Folder => Directory.Exists(Path) ? Path : System.IO.Path.GetDirectoryName(Path)!;
}
