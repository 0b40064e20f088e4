namespace MLNetExtensions.Tool.Runs;

/// <summary>The figures of one class.</summary>
internal sealed record RunClassMetrics(string Name, long Images, double Precision, double Recall, double F1);
