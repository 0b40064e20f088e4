using System.Text.Json.Nodes;
using Microsoft.ML;
using MLNetExtensions.Backbones;
using MLNetExtensions.Data.Inspection;
using MLNetExtensions.Quality;
using MLNetExtensions.Tool.Backbones;
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
        string? model,
        int? threads,
        bool json,
        Terminal terminal,
        CancellationToken cancellation
    )
    {
        if (model is not null && task != VisionTask.Classify)
            throw new UsageException("--model looks for wrong labels of classes; it goes with --task classify alone.");
        var ml = new MLContext();
        BackboneFile? backbone = model is null ? null : BackboneStore.Find(model, "--model");
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
        // Images that cannot be read have no features.
        LabelErrorReport? labels =
            backbone is null || found.UnreadableImages.Count > 0
                ? null
                : LabelErrors(ml, images, Backbone.FromFile(backbone.Path), cancellation);
        if (json)
            terminal.Out.WriteLine(Json(found, labels, isFaulty).ToJsonString());
        else
        {
            terminal.Out.WriteLine(found);
            if (labels is not null)
                terminal.Out.WriteLine(labels);
            else if (backbone is not null)
                terminal.Out.WriteLine("Wrong labels were not looked for: mend the unreadable images first.");
        }
        if (!json)
            terminal.Out.WriteLine(
                isFaulty
                    ? "Mend these before training: unreadable images, wrong boxes or masks, duplicates across parts, and duplicates under two labels."
                : found.Warnings.Count > 0 ? "Ready to train; look at the warnings."
                : "Ready to train."
            );
        return isFaulty ? ExitCode.Failure : ExitCode.Success;
    }

    private static LabelErrorReport LabelErrors(MLContext ml, ImageSet images, Backbone backbone, CancellationToken cancellation)
    {
        IDataView keyed = ml.Transforms.Conversion.MapValueToKey("Label").Fit(images.Train).Transform(images.Train);
        return ml.Vision()
            .FindLabelErrors(
                keyed,
                new LabelErrorOptions
                {
                    Backbone = backbone,
                    ImageColumnName = images.ImageColumn,
                    CancellationToken = cancellation,
                }
            );
    }

    private static JsonObject Json(DataInspection found, LabelErrorReport? labels, bool isFaulty) =>
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
            ["labelErrors"] = labels is null
                ? null
                : List(
                    labels.Issues,
                    issue => new JsonObject
                    {
                        ["row"] = issue.Row,
                        ["image"] = issue.Path,
                        ["given"] = issue.GivenLabel,
                        ["suggested"] = issue.SuggestedLabel,
                        ["quality"] = issue.Quality,
                    }
                ),
        };

    /// <summary>The number of images of each class; of its boxes, or the fraction of its pixels, where there are such.</summary>
    private static IEnumerable<KeyValuePair<string, JsonNode?>> ClassesOf(DataInspection found) =>
        found.Boxes is { } boxes ? boxes.Classes.Select(c => KeyValuePair.Create(c.Label, (JsonNode?)c.Count))
        : found.Masks is { } masks ? masks.Classes.Select(c => KeyValuePair.Create(c.Label, (JsonNode?)c.Fraction))
        : found.Classes.Select(c => KeyValuePair.Create(c.Label, (JsonNode?)c.Count));

    private static string NameOf(ImageReference image) => image.Path ?? $"{image.Part}, row {image.Row}";

    private static JsonArray List<T>(IEnumerable<T> items, Func<T, JsonNode?> node) => new([.. items.Select(node)]);
}
