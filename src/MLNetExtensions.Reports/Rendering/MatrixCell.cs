namespace MLNetExtensions.Reports.Rendering;

/// <summary>A cell of the confusion matrix.</summary>
/// <param name="Key">The name of its rows among <see cref="ShownRows.Cells"/>; null where it opens none.</param>
/// <param name="Count">The number of its rows.</param>
/// <param name="Fraction">Their fraction of the rows of the actual class.</param>
/// <param name="IsRight">True on the diagonal.</param>
/// <param name="Predicted">The predicted class.</param>
internal sealed record MatrixCell(string? Key, long Count, double Fraction, bool IsRight, string Predicted);
