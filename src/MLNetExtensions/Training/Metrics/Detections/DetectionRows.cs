using Microsoft.ML.Data;

namespace MLNetExtensions.Training.Metrics.Detections;

/// <summary>The objects and the found boxes of all rows.</summary>
/// <param name="Images">The rows.</param>
/// <param name="Ids">Their ids.</param>
/// <param name="Classes">The names of the classes.</param>
/// <param name="Others">The number of boxes of other classes, which were left out.</param>
internal sealed record DetectionRows(
    IReadOnlyList<ImageBoxes> Images,
    IReadOnlyList<DataViewRowId> Ids,
    IReadOnlyList<string> Classes,
    long Others
)
{
    /// <summary>Measures them.</summary>
    public DetectionReport Report() => DetectionReport.Compute(Images, Classes, Others);
}
