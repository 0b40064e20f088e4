namespace MLNetExtensions.Data.Inspection;

/// <summary>The number of images of a class.</summary>
/// <param name="Label">The class; empty for rows without a label.</param>
/// <param name="Count">The number of its images in all parts.</param>
/// <param name="CountOfPart">The number of its images in each part, in the order of <see cref="DataInspection.Parts"/>.</param>
public sealed record ClassCount(string Label, int Count, IReadOnlyList<int> CountOfPart);
