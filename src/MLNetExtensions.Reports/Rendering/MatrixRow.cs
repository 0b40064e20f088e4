namespace MLNetExtensions.Reports.Rendering;

/// <summary>A row of the confusion matrix: the rows of one class, or of all classes that have no row of their own.</summary>
internal sealed record MatrixRow(string Name, long Support, IReadOnlyList<MatrixCell> Cells);
