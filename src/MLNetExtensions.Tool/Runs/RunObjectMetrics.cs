namespace MLNetExtensions.Tool.Runs;

/// <summary>The figures of one class of objects.</summary>
internal sealed record RunObjectMetrics(
    string Name,
    long Objects,
    long Found,
    double? AveragePrecision,
    double? AveragePrecision50,
    double? AverageRecall
);
