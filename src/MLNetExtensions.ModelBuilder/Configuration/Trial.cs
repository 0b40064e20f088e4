namespace MLNetExtensions.ModelBuilder.Configuration;

/// <summary>A finished run, as a configuration keeps it.</summary>
/// <param name="Score">The metric on the validation images.</param>
/// <param name="Metric">The metric.</param>
/// <param name="RuntimeInSeconds">The duration of training.</param>
/// <param name="BatchSize">The images of a step.</param>
/// <param name="Epochs">The epochs that were run.</param>
/// <param name="ModelPath">The model's file, as the configuration's version writes it.</param>
internal sealed record Trial(double Score, ModelBuilderMetric Metric, double RuntimeInSeconds, int BatchSize, int Epochs, string ModelPath);
