using System.Diagnostics;
using MLNetExtensions.Tool.Invocation;
using MLNetExtensions.Tool.Settings;
using MLNetExtensions.Training;

namespace MLNetExtensions.Tool.Training;

/// <summary>Plain lines, for files and pipes: one for each part of the run, for each slow epoch, and every ten seconds.</summary>
internal sealed class LineDisplay(Terminal terminal) : ITrainingDisplay
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    private TrainingPhase? _phase;
    private long _written;

    public void Run(Action body) => body();

    public void Begin(IReadOnlyDictionary<string, string> facts)
    {
        foreach ((string name, string text) in facts)
            terminal.Out.WriteLine($"{name}: {text}");
    }

    public void Update(TrainingMoment moment)
    {
        if (_phase == moment.Phase && Stopwatch.GetElapsedTime(_written) < Interval)
            return;
        (_phase, _written) = (moment.Phase, Stopwatch.GetTimestamp());
        terminal.Out.WriteLine(
            string.Join(
                ", ",
                new[]
                {
                    moment.Phase == TrainingPhase.Features
                        ? $"features: {moment.Done} of {moment.Total} images"
                        : $"{moment.PhaseText}: epoch {moment.Epoch} of {moment.Epochs}",
                    moment.ImagesPerSecond > 0 ? $"{moment.ImagesPerSecond:F0} images/s" : "",
                    moment.Left is { } left ? $"{Durations.Clock(left)} left" : "",
                    moment.BestText,
                }.Where(part => part.Length > 0)
            )
        );
    }

    public void EpochEnded(EpochResult epoch, int epochs, bool isBest)
    {
        // Epochs over features take milliseconds: of those, the last line of the phase says enough.
        if (epoch.Duration < TimeSpan.FromSeconds(1) && epoch.Epoch < epochs)
            return;
        _written = Stopwatch.GetTimestamp();
        terminal.Out.WriteLine(EpochText.Of(epoch, epochs));
    }

    public void Warn(string message) => terminal.Error.WriteLine($"warning: {FailureText.OneLine(message)}");

    public void End(TrainingOutcome outcome)
    {
        foreach (string line in outcome.Lines)
            terminal.Out.WriteLine(line);
    }
}
