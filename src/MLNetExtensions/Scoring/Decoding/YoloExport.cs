using System.Globalization;
using System.Text.RegularExpressions;
using MLNetExtensions.Scoring.Sessions;

namespace MLNetExtensions.Scoring.Decoding;

/// <summary>The facts about a YOLO model's output in the metadata of Ultralytics' exports and in its other outputs.</summary>
/// <param name="Task">detect, segment, pose, obb, classify; null if it does not say.</param>
/// <param name="IsEndToEnd">True if it states that boxes are already suppressed.</param>
/// <param name="Extra">The number of values of a box beside its place and its classes: coefficients of its mask, its key points.</param>
/// <param name="Classes">The number of classes; null if it is not known.</param>
internal sealed partial record YoloExport(string? Task, bool IsEndToEnd, int Extra, int? Classes)
{
    /// <summary>A description for messages.</summary>
    public string Description =>
        Task switch
        {
            null => "",
            "obb" => " (its task is 'obb': rotated boxes, which are not known here)",
            _ => $" (its task is '{Task}')",
        };

    public static YoloExport Of(OnnxSession session, string output, int? classes)
    {
        string? task = session.Metadata.GetValueOrDefault("task");
        // Prototypes of masks: [batch, coefficients, height, width].
        TensorSpec? masks = session.OutputSpecs.FirstOrDefault(o => o.Name != output && o.Sizes.Count == 4 && o.Sizes[1] > 0);
        int extra =
            task is null or "segment" && masks is not null ? (int)masks.Sizes[1]
            : task == "pose" && session.Metadata.TryGetValue("kpt_shape", out string? points)
                ? Number().Matches(points).Aggregate(1, (all, m) => all * int.Parse(m.Value, CultureInfo.InvariantCulture))
            : 0;
        bool isEndToEnd =
            session.Metadata.GetValueOrDefault("end2end") is "True" or "true"
            || Suppressed().IsMatch(session.Metadata.GetValueOrDefault("args", ""));
        // Its boxes are shares of the image, and it shares the rest with YOLO's exports.
        bool isOther = session.Metadata.GetValueOrDefault("description", "").Contains("rtdetr", StringComparison.OrdinalIgnoreCase);
        return new YoloExport(isOther ? "detect by RT-DETR" : task, isEndToEnd, extra, classes);
    }

    [GeneratedRegex(@"\d{1,4}", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Number();

    [GeneratedRegex("""['"]nms['"]:\s*True""", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Suppressed();
}
