namespace MLNetExtensions.Data.Boxes;

/// <summary>A file of annotations in COCO's format, as it stands in JSON; what is not listed is not read.</summary>
internal sealed record CocoFile(
    IReadOnlyList<CocoImage>? Images,
    IReadOnlyList<CocoAnnotation>? Annotations,
    IReadOnlyList<CocoCategory>? Categories
);
