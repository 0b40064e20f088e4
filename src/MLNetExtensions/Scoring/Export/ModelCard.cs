using System.Globalization;
using System.Text;
using MLNetExtensions.Backbones;
using MLNetExtensions.Backbones.Exported;
using MLNetExtensions.Imaging;
using MLNetExtensions.Onnx;
using MLNetExtensions.Training;

namespace MLNetExtensions.Scoring.Export;

/// <summary>A model described in Markdown, from what its graph and its training run say.</summary>
internal static class ModelCard
{
    private const int MaxLabels = 50;

    public static string Of(OnnxGraph graph, string path, TrainingResult? training)
    {
        var text = new StringBuilder();
        long parameters = graph.Initializers.Values.Where(t => t.ElementType == OnnxElementType.Float).Sum(t => t.Count);
        Line(text, $"# {Path.GetFileNameWithoutExtension(path)}");
        Line(text, $"");
        Line(
            text,
            $"ONNX model, opset {graph.Opset}, {parameters:N0} numbers in its weights and constants, {new FileInfo(path).Length / 1e6:F1} MB. Made by {graph.ProducerName} {graph.ProducerVersion}".TrimEnd()
                + "."
        );
        Line(text, $"");
        Line(text, $"| | name | type |\n|---|---|---|");
        foreach (OnnxValue input in graph.Inputs)
            Line(text, $"| input | `{input.Name}` | {Type(input)} |");
        foreach (OnnxValue output in graph.Outputs)
            Line(text, $"| output | `{output.Name}` | {Type(output)} |");
        if (training is not null)
            Training(text, training);
        ImagePreprocessing? preprocessing = PreprocessingJson.Find(graph.Metadata, path);
        if (preprocessing is not null)
            Preprocessing(text, preprocessing);
        IReadOnlyList<string> labels = ScoringMetadata.Labels(graph.Metadata, path);
        if (labels.Count > 0)
        {
            Line(text, $"\n## Labels\n");
            Line(
                text,
                $"{labels.Count}, in the order of the output; all of them stand in the model's metadata under "
                    + $"`{ScoringMetadata.LabelsKey}`: "
                    + $"{string.Join(", ", labels.Take(MaxLabels))}{(labels.Count > MaxLabels ? ", ..." : "")}."
            );
        }
        if (preprocessing is not null && graph.Inputs.Count == 1)
            Line(
                text,
                $"\n## From Python\n\n```python\n{PythonExample.Of(graph, Path.GetFileName(path), preprocessing, labels.Count > 0)}```"
            );
        return text.ToString();
    }

    private static void Training(StringBuilder text, TrainingResult training)
    {
        TrainingHistory history = training.History;
        Line(text, $"\n## Data and metrics\n");
        Line(
            text,
            $"Trained on {training.TrainingRows} images, measured on {training.ValidationRows} others, by {history.Runtime} on "
                + $"{history.Device}; {history.Epochs.Count} epochs, {history.StopReason}."
        );
        if (training.Privacy is { } privacy)
            Line(text, $"Trained with differential privacy: {privacy}.");
        if (training.InvalidImages.Count > 0)
            Line(text, $"{training.InvalidImages.Count} images could not be read and were left out.");
        if (history.BestEpoch < 0)
            return;
        EpochResult best = history.Epochs[history.BestEpoch];
        Line(text, $"\n| figure of the model's epoch ({best.Phase} {best.Epoch}) | value |\n|---|---|");
        Line(text, $"| training loss | {best.TrainLoss:G4} |");
        foreach (
            (string name, double? value) in new[]
            {
                ("validation loss", best.ValidationLoss),
                ("validation accuracy", best.ValidationAccuracy),
                ("validation error", best.ValidationMeanAbsoluteError),
                ("validation mAP@0.5", best.ValidationMeanAveragePrecision50),
                ("validation mean IoU", best.ValidationMeanIoU),
            }
        )
            if (value is not null)
                Line(text, $"| {name} | {value:G4} |");
        foreach (string warning in training.Warnings)
            Line(text, $"\n> {warning}");
    }

    private static void Preprocessing(StringBuilder text, ImagePreprocessing preprocessing)
    {
        string resize = preprocessing.ResizeMode switch
        {
            ImageResizeMode.CropCenter => "resized until it covers this size, the center kept",
            ImageResizeMode.Pad => "resized until it fits into this size, the rest black",
            _ => "stretched to this size",
        };
        Line(text, $"\n## Preprocessing\n");
        string planes = preprocessing.ChannelCount switch
        {
            1 => "one plane of gray levels (of colors the luma of ITU-R BT.601)",
            4 => "red, green, blue and alpha planes",
            _ => "red, green and blue planes",
        };
        Line(
            text,
            $"{preprocessing.CanvasWidth} x {preprocessing.CanvasHeight} pixels, {resize}; {planes} of 0 to 255 as floats. Crop, "
                + $"channel order and normalization are in the model."
        );
    }

    private static string Type(OnnxValue value) => $"{value.ElementType} [{string.Join(", ", value.Shape ?? [])}]";

    private static void Line(StringBuilder text, FormattableString line) =>
        text.Append(line.ToString(CultureInfo.InvariantCulture)).Append('\n');

    private static void Line(StringBuilder text, string line) => text.Append(line).Append('\n');
}
