using MLNetExtensions.Tool.Settings;
using MLNetExtensions.Tool.Tasks;

namespace MLNetExtensions.Tool.Data.Annotations;

/// <summary>Formats as words of a command line.</summary>
internal static class AnnotationFormats
{
    /// <summary>The words, as choices of an option.</summary>
    public static IReadOnlyList<string> Words => [.. Enum.GetNames<AnnotationFormat>().Select(SettingName.Of)];

    /// <summary>The format of a word that is among <see cref="Words"/>.</summary>
    public static AnnotationFormat Parse(string word) =>
        Enum.GetValues<AnnotationFormat>().First(format => SettingName.AreEqual(format.ToString(), word));

    /// <summary>True if a format has what a task learns from.</summary>
    public static bool Serves(this AnnotationFormat format, VisionTask task) =>
        task == VisionTask.Segment ? format is AnnotationFormat.Coco or AnnotationFormat.Masks : format is not AnnotationFormat.Masks;
}
