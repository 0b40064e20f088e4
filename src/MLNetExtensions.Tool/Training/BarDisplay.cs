using MLNetExtensions.Tool.Invocation;
using MLNetExtensions.Tool.Settings;
using MLNetExtensions.Training;
using Spectre.Console;

namespace MLNetExtensions.Tool.Training;

/// <summary>One bar for a person: the phase, images a second, the time left, the best so far.</summary>
internal sealed class BarDisplay(Terminal terminal) : ITrainingDisplay
{
    private readonly IAnsiConsole _console = terminal.CreateConsole();
    private ProgressTask? _bar;

    public void Run(Action body) =>
        _console
            .Progress()
            .AutoClear(true)
            .Columns(new ProgressBarColumn { Width = 30 }, new PercentageColumn(), new TaskDescriptionColumn { Alignment = Justify.Left })
            .Start(context =>
            {
                _bar = context.AddTask("reading the images");
                body();
            });

    public void Begin(IReadOnlyDictionary<string, string> facts)
    {
        var grid = new Grid().AddColumn().AddColumn();
        foreach ((string name, string text) in facts)
            grid.AddRow($"[bold]{Markup.Escape(name)}[/]", Markup.Escape(text));
        _console.Write(grid);
    }

    public void Update(TrainingMoment moment)
    {
        if (_bar is null)
            return;
        int epochs = Math.Max(1, moment.Epochs);
        _bar.MaxValue = Math.Max(1.0, (double)epochs * moment.Total);
        _bar.Value = (double)(Math.Max(1, moment.Epoch) - 1) * moment.Total + moment.Done;
        _bar.Description = string.Join(
            " · ",
            new[]
            {
                moment.Phase == TrainingPhase.Features ? "features" : $"{moment.PhaseText} {moment.Epoch}/{moment.Epochs}",
                moment.ImagesPerSecond > 0 ? $"{moment.ImagesPerSecond:F0} images/s" : "",
                moment.Left is { } left ? $"{Durations.Clock(left)} left" : "",
                moment.BestText,
            }.Where(part => part.Length > 0)
        );
    }

    public void EpochEnded(EpochResult epoch, int epochs, bool isBest)
    {
        if (epoch.Duration >= TimeSpan.FromSeconds(5))
            _console.MarkupLineInterpolated($"{EpochText.Of(epoch, epochs)}{(isBest ? " (best so far)" : "")}");
    }

    public void Warn(string message) => _console.MarkupLineInterpolated($"[yellow]warning:[/] {FailureText.OneLine(message)}");

    public void End(TrainingOutcome outcome)
    {
        foreach (string line in outcome.Lines)
            _console.WriteLine(line);
    }
}
