using System.Text.RegularExpressions;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExtensions.Search;
using MLNetExtensions.TestData;
using Xunit;

namespace MLNetExtensions.Tests.Search;

/// <summary>Sweeps that were broken off, by a kill at any line of the journal, and go on.</summary>
public sealed partial class ResumedSweepTests : IDisposable
{
    private const int Trials = 14;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_sweep_that_goes_on_is_the_one_that_was_not_broken_off()
    {
        string[] whole = Sweep("whole", out SweepResult<MadeTrials.Options> uninterrupted);
        byte[] journal = File.ReadAllBytes(Path.Combine(_folder.Path, "whole", "journal.jsonl"));
        int[] ends = [.. journal.Select((b, i) => (b, i)).Where(pair => pair.b == '\n').Select(pair => pair.i + 1)];

        for (int line = 1; line < ends.Length; line += 3)
        {
            string folder = $"cut-{line}";
            Directory.CreateDirectory(Path.Combine(_folder.Path, folder));
            // Half of the next line as well, as a kill leaves it.
            File.WriteAllBytes(Path.Combine(_folder.Path, folder, "journal.jsonl"), journal[..(ends[line - 1] + 9)]);
            string[] resumed = Sweep(folder, out SweepResult<MadeTrials.Options> result);
            Assert.Equal(whole, resumed);
            Assert.Equal(
                (uninterrupted.Best.Number, uninterrupted.Best.Value, uninterrupted.Trials.Count),
                (result.Best.Number, result.Best.Value, result.Trials.Count)
            );
            Assert.Equal(result.Best.Value!.Value, result.Model.Transform(new MadeTrials().Rows).GetColumn<float>("Score").First(), 1e-6);
        }
    }

    [Fact]
    public void A_finished_sweep_is_not_made_again_and_more_trials_may_follow()
    {
        Sweep("once", out SweepResult<MadeTrials.Options> first);
        var made = new MadeTrials();
        using SweepResult<MadeTrials.Options> again = made.Sweep(Options("once"));
        Assert.Empty(made.Trained);
        Assert.Equal(first.Best.Value, again.Best.Value);
        Assert.Equal(first.Best.Value!.Value, again.Model.Transform(made.Rows).GetColumn<float>("Score").First(), 1e-6);

        SweepOptions more = Options("once");
        more.MaxTrials = Trials + 4;
        using SweepResult<MadeTrials.Options> grown = made.Sweep(more);
        Assert.Equal(Trials + 4, grown.Trials.Count);
    }

    [Fact]
    public void A_trial_that_ends_the_process_twice_has_failed()
    {
        Sweep("killed", out _);
        string journal = Path.Combine(_folder.Path, "killed", "journal.jsonl");
        string[] lines = File.ReadAllLines(journal);
        // The settings, and the beginning of the first trial, retried once.
        File.WriteAllText(journal, lines[0] + "\n" + lines[1] + "\n" + """{"trial":0,"rung":0,"event":"retried"}""" + "\n");
        var made = new MadeTrials();
        using SweepResult<MadeTrials.Options> result = made.Sweep(Options("killed"));
        Assert.Contains("The process ended twice", result.Trials[0].Error, StringComparison.Ordinal);
        Assert.DoesNotContain(made.Trained, one => one.Trial == 0);
        Assert.Equal(Trials, result.Trials.Count);
    }

    [Fact]
    public void A_trial_that_was_canceled_begins_again_as_often_as_it_takes()
    {
        Sweep("canceled", out _);
        string journal = Path.Combine(_folder.Path, "canceled", "journal.jsonl");
        string[] lines = File.ReadAllLines(journal);
        string retried = """{"trial":0,"rung":0,"event":"retried"}""",
            brokenOff = """{"trial":0,"rung":0,"event":"broken off"}""";
        File.WriteAllLines(journal, [lines[0], lines[1], brokenOff, retried, brokenOff]);
        using SweepResult<MadeTrials.Options> result = new MadeTrials().Sweep(Options("canceled"));
        Assert.Null(result.Trials[0].Error);
        Assert.Equal(Trials, result.Trials.Count);
    }

    [Fact]
    public void Another_space_or_metric_is_refused()
    {
        Sweep("mine", out _);
        var made = new MadeTrials();
        SweepOptions options = Options("mine");
        options.Metric = made.Metric;
        string message = Assert
            .Throws<InvalidDataException>(() =>
                made
                    .Context.Vision()
                    .Sweep(
                        made.Rows,
                        (MadeTrials.Options _, TrialRun _) => throw new InvalidOperationException("not to be made"),
                        made.Space.Range(o => o.X, 0.0, 2.0),
                        options
                    )
            )
            .Message;
        Assert.Contains("Space.X was Double 0 to 1 and is now Double 0 to 2", message, StringComparison.Ordinal);
    }

    private string[] Sweep(string folder, out SweepResult<MadeTrials.Options> result)
    {
        result = new MadeTrials().Sweep(Options(folder));
        result.Dispose();
        // Times differ, and what was retried is said.
        return
        [
            .. File.ReadAllLines(Path.Combine(_folder.Path, folder, "journal.jsonl"))
                .Where(line => !line.Contains("\"retried\"", StringComparison.Ordinal))
                .Select(line => Seconds().Replace(line, "")),
        ];
    }

    private SweepOptions Options(string folder) =>
        new()
        {
            MaxTrials = Trials,
            Halving = new Halving { MaxEpochs = 9, MinEpochs = 1 },
            Folder = Path.Combine(_folder.Path, folder),
        };

    [GeneratedRegex(",\"seconds\":[^,}]*")]
    private static partial Regex Seconds();
}
