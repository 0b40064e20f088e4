using System.Text.Json;
using MLNetExtensions.Tool.Data;
using MLNetExtensions.Tool.Invocation;

namespace MLNetExtensions.Tool.Diagnosing;

/// <summary>Looks at everything that training and scoring need, and names the cure for what is wrong.</summary>
internal static class DoctorJob
{
    /// <returns>The exit code: 1 if something does not work.</returns>
    public static int Run(string? model, string? runs, string? device, bool json, Terminal terminal)
    {
        IReadOnlyList<Finding> findings = [.. Findings(model, runs ?? "runs", device)];
        int faults = findings.Count(finding => finding.Level == FindingLevel.Fault),
            warnings = findings.Count(finding => finding.Level == FindingLevel.Warning);
        if (json)
        {
            terminal.Out.WriteLine(JsonSerializer.Serialize(findings, DoctorJson.Default.IReadOnlyListFinding));
            return faults == 0 ? ExitCode.Success : ExitCode.Failure;
        }
        foreach (Finding finding in findings)
        {
            terminal.Out.WriteLine(
                $"{(finding.Level switch
            {
                FindingLevel.Ok => "ok     ",
                FindingLevel.Warning => "warning",
                _ => "FAULT  ",
            })} {finding.Subject}: {finding.Detail}"
            );
            if (finding.Cure is not null)
                terminal.Out.WriteLine($"        cure: {finding.Cure}");
        }
        terminal.Out.WriteLine(faults == 0 && warnings == 0 ? "Everything is in order." : $"{faults} faults, {warnings} warnings.");
        return faults == 0 ? ExitCode.Success : ExitCode.Failure;
    }

    private static IEnumerable<Finding> Findings(string? model, string runs, string? device)
    {
        yield return MachineChecks.System();
        yield return MachineChecks.Processor();
        yield return MachineChecks.Memory();
        yield return MachineChecks.Temporary();
        yield return MachineChecks.Folder("folder of runs", runs, "Name another folder by --runs, on a disk that can be written.");
        yield return LibraryChecks.SkiaSharp();
        yield return LibraryChecks.OnnxRuntime();
        yield return LibraryChecks.Torch();
        if (device is not (null or "cpu"))
            yield return LibraryChecks.Gpu();
        foreach (Finding finding in FileChecks.Backbones().Concat(FileChecks.Runs(runs)))
            yield return finding;
        if (model is not null)
            yield return FileChecks.Model(ModelFiles.Find(model, runs));
    }
}
