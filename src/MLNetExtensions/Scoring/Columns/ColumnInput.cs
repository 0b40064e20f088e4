namespace MLNetExtensions.Scoring.Columns;

/// <summary>A column that is an input of a graph.</summary>
/// <param name="Column">The column.</param>
/// <param name="Name">The graph's input.</param>
/// <param name="Length">The number of values of a row.</param>
internal sealed record ColumnInput(string Column, string Name, int Length);
