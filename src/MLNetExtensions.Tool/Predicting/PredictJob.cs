using MLNetExtensions.Onnx.Files;
using MLNetExtensions.Serving;
using MLNetExtensions.Tool.Data;
using MLNetExtensions.Tool.Invocation;
using MLNetExtensions.Tool.Predicting.Dense;
using MLNetExtensions.Tool.Tasks;

namespace MLNetExtensions.Tool.Predicting;

/// <summary>Classifies files, writes what the model says, and copies files into folders of classes.</summary>
internal static class PredictJob
{
    /// <returns>The exit code: 1 if an image cannot be read.</returns>
    public static async Task<int> RunAsync(PredictRequest request, Terminal terminal, CancellationToken cancellation)
    {
        string[] images = [.. request.Images.SelectMany(ImageFiles.Find).Distinct(StringComparer.Ordinal)];
        string? output = request.Output is null ? null : OutputFile.Claim(request.Output, request.Force);
        NamedModel model = ModelFiles.Find(request.Model, request.Runs);
        request.Check(model.Task);
        if (model.Task != VisionTask.Classify)
            return DensePrediction.Run(request, model, images, output, terminal, cancellation);
        using Predictor predictor = Predictor.Open(model.File, request.Threads);
        using TemporaryFile? file = output is null ? null : TemporaryFile.Beside(output);
        int unreadable = 0;
        using (StreamWriter? text = file is null ? null : new StreamWriter(file.Path))
        using (IPredictionWriter writer = PredictionWriters.Create(text ?? terminal.Out, output, request.Json, request.Top ?? 1))
        {
            await foreach (
                (string image, VisionPrediction? prediction, string? problem) in predictor
                    .PredictAsync(images, (model, path) => model.PredictAsync(path, cancellation), cancellation)
                    .ConfigureAwait(false)
            )
            {
                writer.Write(new Prediction(image, prediction?.Top(request.Top ?? 1) ?? [], problem));
                if (problem is not null)
                    unreadable++;
                else if (request.CopyTo is not null)
                    Copy(image, Path.Combine(request.CopyTo, ClassFolder(prediction!.Label ?? "")), request.Force);
            }
        }
        file?.Complete();
        return End(images.Length, unreadable, output, terminal);
    }

    /// <summary>Says what was predicted.</summary>
    /// <returns>The exit code.</returns>
    internal static int End(int images, int unreadable, string? output, Terminal terminal)
    {
        if (output is not null)
            terminal.Error.WriteLine($"{images} predictions in {output}");
        if (unreadable == 0)
            return ExitCode.Success;
        terminal.Error.WriteLine($"mlnetx: {unreadable} of {images} images cannot be read.");
        return ExitCode.Failure;
    }

    private static void Copy(string image, string folder, bool force) =>
        TemporaryFile.Write(
            CopiedFiles.For(folder, image, Path.GetExtension(image), force),
            part => File.Copy(image, part, overwrite: true)
        );

    private static string ClassFolder(string label)
    {
        string name = string.Join('_', label.Split(Path.GetInvalidFileNameChars()));
        return name is "" or "." or ".." ? "_" : name;
    }
}
