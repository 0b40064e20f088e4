namespace MLNetExtensions.Tool.Data.Annotations;

/// <summary>A format of boxes around objects, or of masks.</summary>
internal enum AnnotationFormat
{
    /// <summary>COCO's JSON file: boxes, and outlines that masks are drawn of.</summary>
    Coco,

    /// <summary>Pascal VOC's folder of XML files.</summary>
    PascalVoc,

    /// <summary>YOLO's folders images and labels.</summary>
    Yolo,

    /// <summary>VoTT's JSON file, as Model Builder takes it.</summary>
    Vott,

    /// <summary>A folder of images and one of masks.</summary>
    Masks,
}
