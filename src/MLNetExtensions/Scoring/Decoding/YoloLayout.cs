namespace MLNetExtensions.Scoring.Decoding;

/// <summary>The layout of a YOLO network's boxes. Mask coefficients and key points after the classes are ignored.</summary>
public enum YoloLayout
{
    /// <summary>Detected from the shape, the size of the images, the number of labels, and the metadata of Ultralytics' exports.</summary>
    Auto,

    /// <summary>[boxes, 5 + classes]: center x and y, width, height, objectness, a score for each class (YOLOv5, v7).</summary>
    BoxesFirst,

    /// <summary>[4 + classes, boxes]: center x and y, width, height, a score for each class (YOLOv8, v9, v11, v12).</summary>
    ValuesFirst,

    /// <summary>[boxes, 4 + classes]: as <see cref="ValuesFirst"/>, transposed.</summary>
    BoxesFirstWithoutObjectness,

    /// <summary>
    /// [boxes, 6]: left, top, right, bottom, score, class, with nothing left to suppress (YOLOv10, YOLO26, exports with <c>nms=True</c>).
    /// </summary>
    EndToEnd,
}
