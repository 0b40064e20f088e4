using MLNetExtensions.Tool.Settings;

namespace MLNetExtensions.Tool.Tasks;

/// <summary>Tasks as words of a command line.</summary>
internal static class VisionTasks
{
    /// <summary>All tasks.</summary>
    public static readonly IReadOnlyList<VisionTask> All = Enum.GetValues<VisionTask>();

    /// <summary>The tasks that learn from boxes or masks.</summary>
    public static readonly IReadOnlyList<VisionTask> Dense = [VisionTask.Detect, VisionTask.Segment];

    /// <summary>The words, as choices of an option.</summary>
    public static IReadOnlyList<string> Words => [.. All.Select(WordOf)];

    /// <summary>The word of a task: <c>detect</c>.</summary>
    public static string WordOf(VisionTask task) => SettingName.Of(task.ToString());

    /// <summary>The task of a word that is among <see cref="Words"/>; classification where none is given.</summary>
    public static VisionTask Parse(string? word) => word is null ? VisionTask.Classify : Enum.Parse<VisionTask>(word, ignoreCase: true);

    /// <summary>Some tasks in words: <c>detect, segment</c>.</summary>
    public static string Text(IEnumerable<VisionTask> tasks) => string.Join(", ", tasks.Select(WordOf));
}
