using Microsoft.ML;
using MLNetExtensions.Reports;
using MLNetExtensions.Tool.Data;
using MLNetExtensions.Tool.Data.Annotations;
using MLNetExtensions.Tool.Invocation;
using MLNetExtensions.Tool.Runs;
using MLNetExtensions.Tool.Settings;
using MLNetExtensions.Tool.Tasks;

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
        SettingValues annotations,
        Terminal terminal,
        CancellationToken cancellation
    )
    {
        var ml = new MLContext();
        NamedModel found = ModelFiles.Find(model, runs);
        RunFolder? run = found.Run;
        string file = File.Exists(model) ? Path.GetFullPath(model) : run!.Model;
        if (ModelFiles.IsNetwork(file))
            throw new UsageException(
                $"--model is '{model}'; a report needs the run, or its model.zip, which reads the images as ML.NET does."
            );
        output = OutputFile.Claim(output ?? run?.Report ?? "report.html", force);
        using var upright = new UprightImages();
        IDataView images =
            found.Task == VisionTask.Classify
                ? LabeledImages.ToMeasure(ml, data, run)
                : upright.Of(ml, MeasuredImages.Find(ml, data, annotations, found));
        using SavedPipeline pipeline = SavedPipeline.Open(ml, file);
        HtmlReport report = ml.Vision()
            .WriteReport(
                pipeline.Transform(images),
                output,
                new HtmlReportOptions
                {
                    Title = run?.Name ?? Path.GetFileName(file),
                    Model = pipeline.Loaded,
                    ModelPath = file,
                    RepeatCommand = run is null ? null : $"mlnetx rerun {run.Name}",
                    Cancellation = cancellation,
                }
            );
        terminal.Out.WriteLine($"Report: {report.Path}");
        return ExitCode.Success;
    }
}
