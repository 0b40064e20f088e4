namespace MLNetExtensions.TorchSharp;

/// <summary>One parameter within its group.</summary>
/// <param name="Start">Its start, relative to the group's start.</param>
/// <param name="Count">The number of its values.</param>
/// <param name="Rows">Its first size: the number of rows as a matrix. The values within a row are in stored order, not in the
/// shape's.</param>
internal readonly record struct ParameterPart(long Start, long Count, long Rows);
