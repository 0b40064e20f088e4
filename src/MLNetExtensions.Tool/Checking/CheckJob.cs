using System.Text.Json.Nodes;
using Microsoft.ML;
using MLNetExtensions.Data.Inspection;
using MLNetExtensions.Tool.Data;
using MLNetExtensions.Tool.Data.Annotations;
using MLNetExtensions.Tool.Invocation;
using MLNetExtensions.Tool.Settings;
using MLNetExtensions.Tool.Tasks;

namespace MLNetExtensions.Tool.Checking;

/// <summary>Inspects images, and says what to do before training.</summary>
internal static class CheckJob
{
    /// <returns>The exit code: 1 for unreadable images, wrong boxes or masks, images on both sides of a split, and images under two
    /// labels.</returns>
    public static int Run(
        string data,
        VisionTask task,
        SettingValues annotations,
        int? threads,
        bool json,
        Terminal terminal,
        CancellationToken cancellation
    )
    {
        var ml = new MLContext();
        ImageSet images =
            task == VisionTask.Classify
                ? ImageFiles.Open(ml, data, "the folder")
                : AnnotatedImages.Open(ml, AnnotationRequest.Of(task, data, "the folder", annotations));
        DataInspection found = ml.Vision()
            .Inspect(
                images.Parts,
                new InspectOptions
                {
                    ImageColumnName = images.ImageColumn,
                    Threads = threads ?? Environment.ProcessorCount,
                    Cancellation = cancellation,
                }
            );
        bool isFaulty =
            found.UnreadableImages.Count > 0
            || found.DuplicatesAcrossParts.Any()
            || found.LabelConflicts.Any()
            || found.Boxes?.Invalid.Count > 0
            || found.Masks?.Invalid.Count > 0;
        if (json)
            terminal.Out.WriteLine(Json(found, isFaulty).ToJsonString());
        else
            terminal.Out.WriteLine(found);
        if (!json)
            terminal.Out.WriteLine(
                isFaulty
                    ? "Mend these before training: unreadable images, wrong boxes or masks, duplicates across parts, and duplicates under two labels."
                : found.Warnings.Count > 0 ? "Ready to train; look at the warnings."
                : "Ready to train."
            );
        return isFaulty ? ExitCode.Failure : ExitCode.Success;
    }

    private static JsonObject Json(DataInspection found, bool isFaulty) =>
        new()
        {
            ["ok"] = !isFaulty,
            ["images"] = found.Count,
            ["classes"] = new JsonObject(ClassesOf(found)),
            ["unreadable"] = List(
                found.UnreadableImages,
                image => new JsonObject { ["image"] = NameOf(image.Image), ["reason"] = image.Reason }
            ),
            ["duplicates"] = List(
                found.Duplicates,
                group => new JsonObject
                {
                    ["exact"] = group.IsExact,
                    ["acrossParts"] = group.CrossesParts,
                    ["differentLabels"] = group.HasDifferentLabels,
                    ["images"] = List(group.Images, image => JsonValue.Create(NameOf(image))),
                }
            ),
            ["wrongBoxes"] = List(
                found.Boxes?.Invalid ?? [],
                box => new JsonObject
                {
                    ["image"] = NameOf(box.Image),
                    ["box"] = box.Index,
                    ["reason"] = box.Reason,
                }
            ),
            ["wrongMasks"] = List(
                found.Masks?.Invalid ?? [],
                mask => new JsonObject { ["image"] = NameOf(mask.Image), ["reason"] = mask.Reason }
            ),
            ["warnings"] = List(found.Warnings, text => JsonValue.Create(text)),
        };

    /// <summary>The number of images of each class; of its boxes, or the fraction of its pixels, where there are such.</summary>
    private static IEnumerable<KeyValuePair<string, JsonNode?>> ClassesOf(DataInspection found) =>
        found.Boxes is { } boxes ? boxes.Classes.Select(c => KeyValuePair.Create(c.Label, (JsonNode?)c.Count))
        : found.Masks is { } masks ? masks.Classes.Select(c => KeyValuePair.Create(c.Label, (JsonNode?)c.Fraction))
        : found.Classes.Select(c => KeyValuePair.Create(c.Label, (JsonNode?)c.Count));

    private static string NameOf(ImageReference image) => image.Path ?? $"{image.Part}, row {image.Row}";

    private static JsonArray List<T>(IEnumerable<T> items, Func<T, JsonNode?> node) => new([.. items.Select(node)]);
}
