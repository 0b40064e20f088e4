using MLNetExtensions.Tool.Runs;

namespace MLNetExtensions.Tool.Training;

/// <summary>How a run ended.</summary>
/// <param name="Run">Its folder.</param>
/// <param name="Status">What its status.json says.</param>
/// <param name="Metrics">The figures on held out images; null without a model or such images.</param>
internal sealed record TrainingOutcome(RunFolder Run, RunStatus Status, IRunMetrics? Metrics)
{
    /// <summary>The folder as a person at the terminal would type it.</summary>
    public string ShownFolder
    {
        get
        {
            string relative = Path.GetRelativePath(Environment.CurrentDirectory, Run.Path);
            return relative.StartsWith("..", StringComparison.Ordinal) ? Run.Path : relative;
        }
    }

    /// <summary>The result in words; the last line says where everything is.</summary>
    public IEnumerable<string> Lines
    {
        get
        {
            yield return $"{Status.State switch
            {
                RunState.Completed => "Done",
                RunState.Canceled => "Canceled",
                _ => "Failed",
            }}: {Status.Reason}";
            if (Metrics is { } metrics)
                yield return metrics.Headline;
            if (File.Exists(Run.Model))
                yield return $"Try it: mlnetx predict PHOTO --model {ShownFolder}";
            yield return $"Results: {ShownFolder}";
        }
    }
}
