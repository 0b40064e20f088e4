using Microsoft.ML;
using MLNetExtensions.Reports;
using MLNetExtensions.Sessions;
using MLNetExtensions.Tool.Data;
using MLNetExtensions.Tool.Invocation;
using MLNetExtensions.Tool.Runs;

namespace MLNetExtensions.Tool.Reporting;

/// <summary>Scores labeled images with a saved model, and writes the report.</summary>
internal static class ReportJob
{
    public static int Run(
        string? data,
        string? model,
        string? runs,
        string? output,
        bool force,
        Terminal terminal,
        CancellationToken cancellation
    )
    {
        var ml = new MLContext();
        RunFolder? run = ModelFiles.FindRun(model, runs);
        string file = File.Exists(model) ? Path.GetFullPath(model) : run!.Model;
        if (Path.GetExtension(file).Equals(".onnx", StringComparison.OrdinalIgnoreCase))
            throw new UsageException(
                $"--model is '{model}'; a report needs the run, or its model.zip, which reads the images as ML.NET does."
            );
        output = OutputFile.Claim(output ?? run?.Report ?? "report.html", force);
        IDataView images = LabeledImages.ToMeasure(ml, data, run);
        // ML.NET opens the session itself.
        OnnxTelemetry.TurnOff();
        ITransformer loaded = ml.Model.Load(file, out _);
        using var scorer = ml.Model.Accelerate(loaded);
        HtmlReport report = ml.Vision()
            .WriteReport(
                scorer.Transform(images),
                output,
                new HtmlReportOptions
                {
                    Title = run?.Name ?? Path.GetFileName(file),
                    Model = loaded,
                    ModelPath = file,
                    RepeatCommand = run is null ? null : $"mlnetx rerun {run.Name}",
                    Cancellation = cancellation,
                }
            );
        (loaded as IDisposable)?.Dispose();
        terminal.Out.WriteLine($"Report: {report.Path}");
        return ExitCode.Success;
    }
}
