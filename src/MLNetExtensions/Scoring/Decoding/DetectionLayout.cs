namespace MLNetExtensions.Scoring.Decoding;

/// <summary>The layout of a detection network's outputs.</summary>
internal enum DetectionLayout
{
    /// <summary>One output: [boxes, 5 + classes].</summary>
    YoloBoxesFirst,

    /// <summary>One output: [4 + classes, boxes].</summary>
    YoloValuesFirst,

    /// <summary>Boxes, and scores [boxes, 1 + classes] with the background first.</summary>
    SsdScores,

    /// <summary>Boxes, a score for each, and the number of its class.</summary>
    SsdClasses,

    /// <summary>One output: [boxes, 4 + classes].</summary>
    YoloValuesLast,

    /// <summary>One output: [boxes, 6], chosen already.</summary>
    EndToEnd,
}
