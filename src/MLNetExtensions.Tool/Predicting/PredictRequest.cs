using MLNetExtensions.Tool.Invocation;
using MLNetExtensions.Tool.Tasks;

namespace MLNetExtensions.Tool.Predicting;

/// <summary>What a command line asks of predict.</summary>
internal sealed record PredictRequest
{
    /// <summary>Files and folders.</summary>
    public required IReadOnlyList<string> Images { get; init; }

    public string? Model { get; init; }

    public string? Runs { get; init; }

    /// <summary>The file for the predictions; null for the terminal.</summary>
    public string? Output { get; init; }

    public bool Json { get; init; }

    /// <summary>The number of classes of an image; null for one.</summary>
    public int? Top { get; init; }

    /// <summary>The folder that images are copied to, each into a sub-folder of its class; null for none.</summary>
    public string? CopyTo { get; init; }

    /// <summary>The folder for pictures of images with their boxes or masks; null for none.</summary>
    public string? Draw { get; init; }

    /// <summary>The folder for masks; null for none.</summary>
    public string? Masks { get; init; }

    /// <summary>The lowest score of an object; null for the default.</summary>
    public double? LeastScore { get; init; }

    public bool Force { get; init; }

    public int? Threads { get; init; }

    /// <summary>Refuses what a model's task has no use for.</summary>
    /// <exception cref="UsageException">There is such an option.</exception>
    public void Check(VisionTask task)
    {
        foreach (
            (string option, object? value, VisionTask[] tasks) in new (string, object?, VisionTask[])[]
            {
                ("--top-k", Top, [VisionTask.Classify]),
                ("--copy-to", CopyTo, [VisionTask.Classify]),
                ("--draw", Draw, [VisionTask.Detect, VisionTask.Segment]),
                ("--min-score", LeastScore, [VisionTask.Detect]),
                ("--write-masks", Masks, [VisionTask.Segment]),
            }
        )
            if (value is not null && !tasks.Contains(task))
                throw new UsageException(
                    $"{option} is of no use here: it is for models of the task {VisionTasks.Text(tasks).Replace(", ", " or ")}, and this one's is "
                        + $"{VisionTasks.WordOf(task)}."
                );
    }
}
