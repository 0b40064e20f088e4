namespace MLNetExtensions.Tool.Runs;

/// <summary>An error of a detector: how many boxes (objects, for missed ones) have it, and the mAP@0.5 that it costs.</summary>
internal sealed record RunErrorMetrics(long Count, double Costs);
