namespace MLNetExtensions.Data.Inspection;

/// <summary>The number of boxes of a class.</summary>
/// <param name="Label">The class; empty for boxes without a label.</param>
/// <param name="Count">The number of its boxes in all parts.</param>
/// <param name="Images">The number of images with one or more of them.</param>
/// <param name="CountOfPart">The number of its boxes in each part, in the order of <see cref="DataInspection.Parts"/>.</param>
public sealed record BoxClassCount(string Label, int Count, int Images, IReadOnlyList<int> CountOfPart);
