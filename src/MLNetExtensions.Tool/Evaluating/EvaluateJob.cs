using Microsoft.ML;
using MLNetExtensions.Onnx.Files;
using MLNetExtensions.Serving;
using MLNetExtensions.Tool.Data;
using MLNetExtensions.Tool.Data.Annotations;
using MLNetExtensions.Tool.Invocation;
using MLNetExtensions.Tool.Predicting;
using MLNetExtensions.Tool.Runs;
using MLNetExtensions.Tool.Tasks;
using MLNetExtensions.Training.Metrics;
using MLNetExtensions.Training.Metrics.Detections;
using MLNetExtensions.Training.Metrics.Segmentation;

namespace MLNetExtensions.Tool.Evaluating;

/// <summary>Measures a model on images whose labels are known.</summary>
internal static class EvaluateJob
{
    public static async Task<int> RunAsync(EvaluateRequest request, Terminal terminal, CancellationToken cancellation)
    {
        var ml = new MLContext();
        string? output = request.Output is null ? null : OutputFile.Claim(request.Output, request.Force);
        NamedModel model = ModelFiles.Find(request.Model, request.Runs);
        (IRunMetrics metrics, object report) = model.Task switch
        {
            VisionTask.Detect => Detector(ml, request, model),
            VisionTask.Segment => Segmenter(ml, request, model),
            _ => await ClassifierAsync(ml, request, model, cancellation).ConfigureAwait(false),
        };

        if (output is not null)
            TemporaryFile.Write(output, metrics.ToJson() + "\n");
        terminal.Out.WriteLine(request.Json ? metrics.ToJson() : report);
        return ExitCode.Success;
    }

    private static async Task<(IRunMetrics, object)> ClassifierAsync(
        MLContext ml,
        EvaluateRequest request,
        NamedModel model,
        CancellationToken cancellation
    )
    {
        IDataView images = LabeledImages.ToMeasure(ml, request.Data, model.Run);
        using Predictor predictor = Predictor.Open(model.File, request.Threads);
        ClassificationReport report = await MeasureAsync(predictor, images, cancellation).ConfigureAwait(false);
        return (Metrics.Of(report), report);
    }

    private static (IRunMetrics, object) Detector(MLContext ml, EvaluateRequest request, NamedModel model)
    {
        IDataView images = MeasuredImages.Find(ml, request.Data, request.Annotations, model);
        using var upright = new UprightImages();
        using SavedPipeline pipeline = SavedPipeline.Open(ml, model.File);
        DetectionReport report = ml.Vision().ReportDetection(pipeline.Transform(upright.Of(ml, images)));
        return (DetectionMetrics.Of(report), report);
    }

    private static (IRunMetrics, object) Segmenter(MLContext ml, EvaluateRequest request, NamedModel model)
    {
        IDataView images = MeasuredImages.Find(ml, request.Data, request.Annotations, model);
        using var upright = new UprightImages();
        using SavedPipeline pipeline = SavedPipeline.Open(ml, model.File);
        SegmentationReport report = ml.Vision().ReportSegmentation(pipeline.Transform(upright.Of(ml, images)));
        return (SegmentationMetrics.Of(report), report);
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
