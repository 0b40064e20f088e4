using MLNetExtensions.Onnx;
using MLNetExtensions.Serving;
using MLNetExtensions.Sessions;
using MLNetExtensions.Tool.Invocation;
using MLNetExtensions.Tool.Runs;
using MLNetExtensions.Tool.Tasks;

namespace MLNetExtensions.Tool.Data;

/// <summary>Finds the model that a command line names.</summary>
internal static class ModelFiles
{
    /// <summary>The model, its file and its task.</summary>
    /// <param name="model">A file, or a run; null for the newest run that has a model.</param>
    /// <param name="runs">The folder of runs; null for the default.</param>
    /// <exception cref="UsageException">There is none.</exception>
    public static NamedModel Find(string? model, string? runs)
    {
        RunFolder? run = FindRun(model, runs);
        string file = File.Exists(model) ? Path.GetFullPath(model) : run!.OnnxModel;
        VisionTask task =
            run is not null ? run.ReadSettings().Task
            : IsNetwork(file) ? VisionTask.Classify
            : SavedPipeline.TaskOf(file);
        return new NamedModel(task, task != VisionTask.Classify && IsNetwork(file) ? run!.Model : file, run);
    }

    /// <summary>True for an ONNX file, which is a network alone.</summary>
    public static bool IsNetwork(string file) => Path.GetExtension(file).Equals(".onnx", StringComparison.OrdinalIgnoreCase);

    /// <summary>The run that a command line names by its model; null if it names a file outside of runs.</summary>
    public static RunFolder? FindRun(string? model, string? runs)
    {
        if (!File.Exists(model))
            return RunOf(model, runs);
        var folder = new RunFolder(Path.GetDirectoryName(Path.GetFullPath(model))!);
        return File.Exists(folder.Config) ? folder : null;
    }

    /// <summary>The network of a model file, for exports: pixels to probabilities, with its labels in the metadata.</summary>
    /// <exception cref="UsageException">The file holds no network of this library.</exception>
    public static OnnxGraph ReadNetwork(string file)
    {
        try
        {
            OnnxModelSource source = ServedModelSource.OfFile(file);
            return OnnxGraph.Load(new MemoryStream(source.Bytes, writable: false));
        }
        catch (Exception error) when (error is InvalidDataException or OnnxFormatException)
        {
            throw new UsageException($"The model '{file}' cannot be used: {error.Message}", error);
        }
    }

    private static RunFolder RunOf(string? model, string? runs)
    {
        runs ??= "runs";
        if (model is null)
            return RunFolder.List(runs).LastOrDefault(run => File.Exists(run.OnnxModel))
                ?? throw new UsageException(
                    $"There is no trained model in '{Path.GetFullPath(runs)}'. Name one by --model, or train one: mlnetx train FOLDER."
                );
        if (!Directory.Exists(model) && !Directory.Exists(Path.Combine(runs, model)))
            throw new UsageException(
                $"--model is '{model}', which is neither a file nor a run. It must be model.zip, model.mlnet or model.onnx, or a run's folder."
            );
        RunFolder found = RunFolder.Find(runs, model);
        return File.Exists(found.OnnxModel)
            ? found
            : throw new UsageException($"The run '{found.Path}' has no model: its state is {found.ReadStatus().State}.");
    }
}
