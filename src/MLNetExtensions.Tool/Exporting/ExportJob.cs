using MLNetExtensions.Onnx.Files;
using MLNetExtensions.Tool.Compressing;
using MLNetExtensions.Tool.Data;
using MLNetExtensions.Tool.Invocation;
using MLNetExtensions.Tool.Runs;
using MLNetExtensions.Tool.Tasks;

namespace MLNetExtensions.Tool.Exporting;

/// <summary>Writes a model in another format.</summary>
internal static class ExportJob
{
    public static readonly string[] Formats = ["onnx", "zip", "mlnet", "int8", "fp16"];

    public static int Run(
        string? data,
        string? format,
        string? model,
        string? runs,
        string? output,
        bool force,
        Terminal terminal,
        CancellationToken cancellation
    )
    {
        format ??= Path.GetExtension(output)?.TrimStart('.').ToLowerInvariant() is { Length: > 0 } extension ? extension : "onnx";
        if (!Formats.Contains(format))
            throw new UsageException($"The format is '{format}'; it must be one of {string.Join(", ", Formats)}.");
        NamedModel found = ModelFiles.Find(model, runs);
        if (format == "int8")
            found.ForClasses("export --format int8");
        RunFolder? run = found.Run;
        // A run's network of boxes or masks is beside its pipeline.
        string file = found.Task != VisionTask.Classify && run is not null ? run.OnnxModel : found.File;
        string name = run is not null ? run.Name : Path.GetFileNameWithoutExtension(file);
        output = OutputFile.Claim(output ?? (format is "int8" or "fp16" ? $"{name}.{format}.onnx" : $"{name}.{format}"), force);
        if (format is "zip" or "mlnet")
            TemporaryFile.Write(output, part => File.Copy(PipelineOf(file, run), part, overwrite: true));
        else if (format == "onnx")
            ModelFiles.ReadNetwork(file).Save(output);
        else
            CompressJob.Write(
                file,
                format == "int8"
                    ? CompressJob.Quantize(file, data, run, null, null, cancellation)
                    : CompressJob.ToFloat16(file, cancellation),
                output,
                terminal
            );
        terminal.Out.WriteLine($"Exported: {output} ({new FileInfo(output).Length / 1e6:F1} MB)");
        return ExitCode.Success;
    }

    private static string PipelineOf(string file, RunFolder? run)
    {
        string? pipeline =
            !ModelFiles.IsNetwork(file) ? file
            : run is not null && File.Exists(run.Model) && file == run.OnnxModel ? run.Model
            : null;
        return pipeline
            ?? throw new UsageException(
                $"'{file}' is an ONNX file alone, without the pipeline that ML.NET saves. Name the run, or its model.zip."
            );
    }
}
