using System.Text.Json;
using Microsoft.ML;
using MLNetExtensions.Onnx.Files;
using MLNetExtensions.Serving;
using MLNetExtensions.Tool.Data;
using MLNetExtensions.Tool.Invocation;
using MLNetExtensions.Tool.Predicting;
using MLNetExtensions.Tool.Runs;
using MLNetExtensions.Training.Metrics;

namespace MLNetExtensions.Tool.Evaluating;

/// <summary>Classifies labeled images, and compares.</summary>
internal static class EvaluateJob
{
    public static async Task<int> RunAsync(EvaluateRequest request, Terminal terminal, CancellationToken cancellation)
    {
        var ml = new MLContext();
        string? output = request.Output is null ? null : OutputFile.Claim(request.Output, request.Force);
        string file = ModelFiles.Find(request.Model, request.Runs);
        IDataView images = LabeledImages.ToMeasure(ml, request.Data, ModelFiles.FindRun(request.Model, request.Runs));
        using Predictor predictor = Predictor.Open(file, request.Threads);
        ClassificationReport report = await MeasureAsync(predictor, images, cancellation).ConfigureAwait(false);

        string json = JsonSerializer.Serialize(Metrics.Of(report), RunJson.Default.RunMetrics);
        if (output is not null)
            TemporaryFile.Write(output, json + "\n");
        if (request.Json)
            terminal.Out.WriteLine(json);
        else
            terminal.Out.WriteLine(report);
        return ExitCode.Success;
    }

    private static async Task<ClassificationReport> MeasureAsync(Predictor predictor, IDataView images, CancellationToken cancellation)
    {
        IReadOnlyList<string> labels = ImageFiles.Texts(images, "Label");
        var scores = new List<float>();
        var classes = new List<int>();
        IReadOnlyList<string>? names = null;
        int row = 0;
        await foreach (
            (ImageReader.Row image, VisionPrediction? prediction, string? problem) in predictor
                .PredictAsync(ImageReader.Read(images), (model, image) => image.AskAsync(model, cancellation), cancellation)
                .ConfigureAwait(false)
        )
        {
            if (prediction is null)
                throw new UsageException($"The image {image.Name} cannot be read: {problem} 'mlnetx check' lists all such images.");
            names ??= prediction.Labels;
            int label = IndexOf(names, labels[row]);
            if (label < 0)
                throw new UsageException(
                    $"The image {image.Name} is of the class '{labels[row]}', which the model does not know. Its classes are "
                        + $"{string.Join(", ", names)}."
                );
            scores.AddRange(prediction.Scores);
            classes.Add(label);
            row++;
        }
        return ClassificationReport.Compute(scores.ToArray(), classes.ToArray(), names ?? throw new UsageException("There are no images."));
    }

    private static int IndexOf(IReadOnlyList<string> names, string label)
    {
        for (int i = 0; i < names.Count; i++)
            if (string.Equals(names[i], label, StringComparison.Ordinal))
                return i;
        return -1;
    }
}
