using MLNetExtensions.Onnx.Files;
using MLNetExtensions.Serving;
using MLNetExtensions.Tool.Data;
using MLNetExtensions.Tool.Invocation;

namespace MLNetExtensions.Tool.Predicting;

/// <summary>Classifies files, writes what the model says, and copies files into folders of classes.</summary>
internal static class PredictJob
{
    /// <returns>The exit code: 1 if an image cannot be read.</returns>
    public static async Task<int> RunAsync(PredictRequest request, Terminal terminal, CancellationToken cancellation)
    {
        string[] images = [.. request.Images.SelectMany(ImageFiles.Find).Distinct(StringComparer.Ordinal)];
        string? output = request.Output is null ? null : OutputFile.Claim(request.Output, request.Force);
        using Predictor predictor = Predictor.Open(ModelFiles.Find(request.Model, request.Runs), request.Threads);
        using TemporaryFile? file = output is null ? null : TemporaryFile.Beside(output);
        int unreadable = 0;
        using (StreamWriter? text = file is null ? null : new StreamWriter(file.Path))
        using (IPredictionWriter writer = PredictionWriters.Create(text ?? terminal.Out, output, request.Json, request.Top))
        {
            await foreach (
                (string image, VisionPrediction? prediction, string? problem) in predictor
                    .PredictAsync(images, (model, path) => model.PredictAsync(path, cancellation), cancellation)
                    .ConfigureAwait(false)
            )
            {
                writer.Write(new Prediction(image, prediction?.Top(request.Top) ?? [], problem));
                if (problem is not null)
                    unreadable++;
                else if (request.CopyTo is not null)
                    Copy(image, Path.Combine(request.CopyTo, ClassFolder(prediction!.Label ?? "")), request.Force);
            }
        }
        file?.Complete();
        if (output is not null)
            terminal.Error.WriteLine($"{images.Length} predictions in {output}");
        if (unreadable == 0)
            return ExitCode.Success;
        terminal.Error.WriteLine($"mlnetx: {unreadable} of {images.Length} images cannot be read.");
        return ExitCode.Failure;
    }

    /// <summary>Copies a file; of two with one name, the second gets a number.</summary>
    private static void Copy(string image, string folder, bool force)
    {
        Directory.CreateDirectory(folder);
        string name = Path.GetFileNameWithoutExtension(image),
            extension = Path.GetExtension(image);
        string target = Path.Combine(folder, name + extension);
        for (int number = 2; !force && File.Exists(target); number++)
            target = Path.Combine(folder, $"{name}-{number}{extension}");
        TemporaryFile.Write(target, part => File.Copy(image, part, overwrite: true));
    }

    private static string ClassFolder(string label)
    {
        string name = string.Join('_', label.Split(Path.GetInvalidFileNameChars()));
        return name is "" or "." or ".." ? "_" : name;
    }
}
