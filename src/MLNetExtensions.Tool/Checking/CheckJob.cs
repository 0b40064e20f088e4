using System.Text.Json.Nodes;
using Microsoft.ML;
using MLNetExtensions.Data.Inspection;
using MLNetExtensions.Tool.Data;
using MLNetExtensions.Tool.Invocation;

namespace MLNetExtensions.Tool.Checking;

/// <summary>Inspects images, and says what to do before training.</summary>
internal static class CheckJob
{
    /// <returns>The exit code: 1 for unreadable images, images on both sides of a split, and images under two labels.</returns>
    public static int Run(string data, int? threads, bool json, Terminal terminal, CancellationToken cancellation)
    {
        var ml = new MLContext();
        ImageSet images = ImageFiles.Open(ml, data, "the folder");
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
        bool isFaulty = found.UnreadableImages.Count > 0 || found.DuplicatesAcrossParts.Any() || found.LabelConflicts.Any();
        if (json)
            terminal.Out.WriteLine(Json(found, isFaulty).ToJsonString());
        else
            terminal.Out.WriteLine(found);
        if (!json)
            terminal.Out.WriteLine(
                isFaulty ? "Mend these before training: unreadable images, duplicates across parts, and duplicates under two labels."
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
            ["classes"] = new JsonObject(found.Classes.Select(c => KeyValuePair.Create(c.Label, (JsonNode?)c.Count))),
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
            ["warnings"] = List(found.Warnings, text => JsonValue.Create(text)),
        };

    private static string NameOf(ImageReference image) => image.Path ?? $"{image.Part}, row {image.Row}";

    private static JsonArray List<T>(IEnumerable<T> items, Func<T, JsonNode?> node) => new([.. items.Select(node)]);
}
