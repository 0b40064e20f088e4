using System.CommandLine;
using System.Text.Json;
using MLNetExtensions.Tool.Invocation;
using MLNetExtensions.Tool.Settings;
using Spectre.Console;

namespace MLNetExtensions.Tool.Runs;

/// <summary>The verb runs: list and compare.</summary>
internal static class RunsCommand
{
    public static Command Create(Terminal terminal) => new("runs", "Lists and compares runs.") { List(terminal), Compare(terminal) };

    private static Command List(Terminal terminal)
    {
        Option<string> runs = CommonOptions.Runs();
        Option<bool> json = CommonOptions.Json();
        var command = new Command("list", "Lists the runs: state, accuracy (or mAP, or mean IoU), images, backbone.")
        {
            json,
            runs,
            CommonOptions.Verbose(),
        };
        command.SetAction(parsed =>
        {
            IReadOnlyList<RunSummary> list = [.. RunFolder.List(parsed.GetValue(runs) ?? "runs").Select(SummaryOf)];
            if (parsed.GetValue(json))
                terminal.Out.WriteLine(JsonSerializer.Serialize(list, RunJson.Default.IReadOnlyListRunSummary));
            else if (list.Count == 0)
                terminal.Out.WriteLine("No runs yet. 'mlnetx train FOLDER' makes one.");
            else
                Write(
                    terminal,
                    ["run", "state", "accuracy", "images", "backbone", "started (UTC)", "reason"],
                    list.Select(run =>
                        new[]
                        {
                            run.Name,
                            StateText(run.Status.State),
                            FigureText(run.Status),
                            $"{run.Status.TrainingImages}",
                            run.Status.Backbone ?? "",
                            $"{run.Status.Started:yyyy-MM-dd HH:mm}",
                            run.Status.Reason,
                        }
                    )
                );
            return ExitCode.Success;
        });
        return command;
    }

    private static Command Compare(Terminal terminal)
    {
        var names = new Argument<string[]>("names") { Description = "The runs. [default: all]", Arity = ArgumentArity.ZeroOrMore };
        Option<string> runs = CommonOptions.Runs();
        var command = new Command("compare", "Shows the figures of runs, and the settings that differ between them.")
        {
            names,
            runs,
            CommonOptions.Verbose(),
        };
        command.SetAction(parsed =>
        {
            string folder = parsed.GetValue(runs) ?? "runs";
            RunFolder[] chosen = parsed.GetValue(names) is { Length: > 0 } named
                ? [.. named.Select(name => RunFolder.Find(folder, name))]
                : [.. RunFolder.List(folder)];
            if (chosen.Length == 0)
                throw new UsageException($"There are no runs in '{Path.GetFullPath(folder)}'.");
            SettingValues[] settings = [.. chosen.Select(run => run.ReadSettings())];
            IReadOnlyList<KeyValuePair<string, string>>[] metrics = [.. chosen.Select(run => run.ReadMetrics()?.Figures ?? [])];
            IEnumerable<string[]> figures = metrics
                .SelectMany(run => run.Select(figure => figure.Key))
                .Distinct()
                .Select(name => new[] { name }.Concat(metrics.Select(run => run.FirstOrDefault(f => f.Key == name).Value ?? "")).ToArray());
            IEnumerable<string[]> differences = TrainSettings
                .All.Select(setting => new[] { setting.Name }.Concat(settings.Select(s => s.Text(setting.Name) ?? "")).ToArray())
                .Where(row => row.Skip(1).Distinct().Count() > 1);
            Write(terminal, ["", .. chosen.Select(run => run.Name)], figures.Concat(differences));
            return ExitCode.Success;
        });
        return command;
    }

    private static RunSummary SummaryOf(RunFolder run) => new(run.Name, run.Path, run.ReadStatus());

    private static string FigureText(RunStatus status) =>
        status.TestAccuracy is { } accuracy ? $"{accuracy:P1}"
        : status.TestMeanAveragePrecision50 is { } precision ? $"{precision:P1} mAP@0.5"
        : status.TestMeanIoU is { } overlap ? $"{overlap:P1} mean IoU"
        : "";

    private static string StateText(RunState state) => state == RunState.BrokenOff ? "broken off" : state.ToString().ToLowerInvariant();

    private static void Write(Terminal terminal, IEnumerable<string> columns, IEnumerable<string[]> rows)
    {
        Table table = new Table().Border(TableBorder.Simple);
        foreach (string column in columns)
            table.AddColumn(new TableColumn(Markup.Escape(column)).NoWrap());
        foreach (string[] row in rows)
            table.AddRow([.. row.Select(cell => Markup.Escape(cell))]);
        IAnsiConsole console = terminal.CreateConsole();
        console.Write(table);
    }
}
