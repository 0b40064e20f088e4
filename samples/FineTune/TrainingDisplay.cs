using MLNetExtensions.Training;
using Spectre.Console;

namespace FineTuneSample;

/// <summary>Shows a training run: a bar for each phase, with the epoch and its figures.</summary>
internal sealed class TrainingDisplay : IProgress<TrainingProgress>
{
    private readonly ProgressContext _context;
    private readonly Dictionary<TrainingPhase, ProgressTask> _bars = [];

    private TrainingDisplay(ProgressContext context) => _context = context;

    /// <summary>Runs a training while its progress is shown.</summary>
    public static T Show<T>(Func<IProgress<TrainingProgress>, T> train) =>
        AnsiConsole
            .Progress()
            .Columns(
                new TaskDescriptionColumn { Alignment = Justify.Left },
                new ProgressBarColumn(),
                new PercentageColumn(),
                new ElapsedTimeColumn()
            )
            .Start(context => train(new TrainingDisplay(context)));

    public void Report(TrainingProgress value)
    {
        if (!_bars.TryGetValue(value.Phase, out ProgressTask? bar))
            _bars.Add(value.Phase, bar = _context.AddTask(value.Phase.ToString()));
        int epochs = Math.Max(1, value.Epochs),
            epoch = Math.Max(1, value.Epoch);
        bar.MaxValue = (double)epochs * value.Total;
        bar.Value = (double)(epoch - 1) * value.Total + value.Done;
        bar.Description =
            value.Phase == TrainingPhase.Features
                ? $"features of {value.Done} photos"
                : $"{(value.Phase == TrainingPhase.Head ? "head" : "layers")}, epoch {epoch} of {epochs}, loss {value.Loss:F3}";
    }
}
