namespace MLNetExtensions.Data.Sources;

/// <summary>One record of a delimited text.</summary>
/// <param name="Line">The line that it begins on, from 1.</param>
/// <param name="Fields">Its fields, quotes removed.</param>
/// <param name="IsTerminated">True if a line end follows; the last record of a file that was cut short has none.</param>
internal readonly record struct DelimitedRecord(long Line, string[] Fields, bool IsTerminated);
