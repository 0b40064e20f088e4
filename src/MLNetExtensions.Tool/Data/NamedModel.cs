using MLNetExtensions.Tool.Invocation;
using MLNetExtensions.Tool.Runs;
using MLNetExtensions.Tool.Tasks;

namespace MLNetExtensions.Tool.Data;

/// <summary>A model that a command line names.</summary>
/// <param name="Task">What it says of images.</param>
/// <param name="File">Its file: for classes the network, or the one that was named; for boxes and masks the pipeline.</param>
/// <param name="Run">Its run; null for a file outside of runs.</param>
internal sealed record NamedModel(VisionTask Task, string File, RunFolder? Run)
{
    /// <summary>Refuses other models than classifiers.</summary>
    /// <param name="verb">The verb that needs one.</param>
    /// <exception cref="UsageException">It is another model.</exception>
    public NamedModel ForClasses(string verb) =>
        Task == VisionTask.Classify
            ? this
            : throw new UsageException(
                $"'{File}' is a model of the task {VisionTasks.WordOf(Task)}; {verb} takes models of the task classify. train, evaluate, "
                    + "predict, report and export take all."
            );
}
