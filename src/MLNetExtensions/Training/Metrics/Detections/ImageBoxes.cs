namespace MLNetExtensions.Training.Metrics.Detections;

/// <summary>The objects of an image, and those that were found in it. Boxes are left, top, right, bottom, one after another.</summary>
/// <param name="Boxes">The boxes of the objects.</param>
/// <param name="Classes">The classes of the objects, from 0.</param>
/// <param name="IsCrowd">True for a box around many objects, which counts neither as found nor as missed; null if there are none.</param>
/// <param name="FoundBoxes">The boxes that were found.</param>
/// <param name="FoundClasses">Their classes, from 0.</param>
/// <param name="FoundScores">Their scores.</param>
internal sealed record ImageBoxes(
    float[] Boxes,
    int[] Classes,
    bool[]? IsCrowd,
    float[] FoundBoxes,
    int[] FoundClasses,
    float[] FoundScores
);
