using MLNetExtensions.Onnx;
using MLNetExtensions.Tool.Invocation;
using MLNetExtensions.Tool.Runs;

namespace MLNetExtensions.Faults.Kills;

/// <summary>The command line <c>mlnetx train</c>, and <c>--resume</c> where a run was cut short.</summary>
internal sealed class ToolKill : IKillKind
{
    public string Name => "tool";

    public string Work(KillPlace place)
    {
        string runs = place.At("runs"),
            // Another process may work beside this one.
            name = $"run{Environment.ProcessId}-";
        RunFolder? left = RunFolder.List(runs).LastOrDefault(run => run.ReadStatus().State == RunState.BrokenOff);
        string[] arguments = left is not null
            ? ["train", "--resume", "--runs", runs]
            :
            [
                "train",
                place.Photos,
                "--runs",
                runs,
                "--backbone",
                "cifarnet_cifar10",
                "--layers",
                "all",
                "--freeze-epochs",
                "2",
                "--epochs",
                "4",
                "--augmentation",
                "standard",
                "--name",
                name,
                "--threads",
                "1",
                "--precision",
                "float32",
            ];
        using var said = new StringWriter();
        var terminal = new Terminal(TextWriter.Synchronized(said), TextWriter.Synchronized(said));
        int code = CommandLine.RunAsync(arguments, terminal).GetAwaiter().GetResult();
        if (code != ExitCode.Success)
            throw new InvalidDataException($"mlnetx {string.Join(' ', arguments)} ended with {code}: {said}");
        RunFolder run = left ?? RunFolder.List(runs).Last(r => r.Name.StartsWith(name, StringComparison.Ordinal));
        if (run.ReadStatus().State != RunState.Completed)
            throw new InvalidDataException($"{run.Name} is {run.ReadStatus().State} after its end.");
        return KillWork.Hash(File.ReadAllBytes(run.OnnxModel));
    }

    public void Read(KillPlace place)
    {
        foreach (RunFolder run in RunFolder.List(place.At("runs")))
        {
            _ = run.ReadStatus();
            if (File.Exists(run.OnnxModel))
                _ = OnnxGraph.Load(run.OnnxModel);
            if (File.Exists(run.Model))
                _ = KillWork.Context(place).Model.Load(run.Model, out _);
            if (File.Exists(run.Metrics))
                System.Text.Json.JsonDocument.Parse(File.ReadAllBytes(run.Metrics)).Dispose();
            if (File.Exists(run.Report) && !File.ReadAllText(run.Report).TrimEnd().EndsWith("</html>", StringComparison.Ordinal))
                throw new InvalidDataException($"'{run.Report}' is cut short.");
            if (Directory.Exists(run.Checkpoints))
                foreach (string file in Directory.GetFiles(run.Checkpoints, "*.ckpt"))
                    _ = Training.Checkpoints.CheckpointFile.Read(file);
        }
    }
}
