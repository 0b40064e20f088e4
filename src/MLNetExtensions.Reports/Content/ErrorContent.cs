namespace MLNetExtensions.Reports.Content;

/// <summary>A kind of error of a detector.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Meaning">What it is.</param>
/// <param name="Count">The number of boxes (of objects, for missed ones) with it.</param>
/// <param name="Cost">The mAP at an IoU of 0.5 that would be gained if no box had it.</param>
internal sealed record ErrorContent(string Name, string Meaning, long Count, double Cost);
