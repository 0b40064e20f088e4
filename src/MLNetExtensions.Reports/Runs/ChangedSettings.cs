using System.Collections;
using System.Reflection;
using MLNetExtensions.Backbones;
using MLNetExtensions.Reports.Content;
using MLNetExtensions.Trainers;
using MLNetExtensions.Training;
using MLNetExtensions.Training.Checkpoints;

namespace MLNetExtensions.Reports.Runs;

/// <summary>The settings of a trainer that differ from its defaults.</summary>
internal static class ChangedSettings
{
    // They say how a run is watched, not what it does.
    private static readonly HashSet<string> Left = [nameof(TrainerOptions.Progress), nameof(TrainerOptions.CancellationToken)];

    public static IReadOnlyList<SettingContent> Of(TrainerOptions options)
    {
        object defaults = Activator.CreateInstance(options.GetType())!;
        return
        [
            .. options
                .GetType()
                .GetProperties(BindingFlags.Public | BindingFlags.Instance)
                .Where(property => property.CanWrite && property.GetIndexParameters().Length == 0 && !Left.Contains(property.Name))
                .OrderBy(property => property.Name, StringComparer.Ordinal)
                .Select(property => new SettingContent(property.Name, Text(property.GetValue(options)), Text(property.GetValue(defaults))))
                .Where(setting => setting.Value != setting.Default),
        ];
    }

    private static string Text(object? value) =>
        value switch
        {
            null => "none",
            // Of files and folders the name: a report is handed on.
            string text => Path.IsPathFullyQualified(text) ? Path.GetFileName(Path.TrimEndingDirectorySeparator(text)) : text,
            bool flag => flag ? "true" : "false",
            Backbone backbone => backbone.Name,
            ITrainingRuntime runtime => runtime.Name,
            IEnumerable items => $"[{string.Join(", ", items.Cast<object?>().Select(Text))}]",
            // A type that says itself what it is; what the compiler writes for a record depends on the culture.
            IFormattable => SettingText.Of(value),
            _ when WritesItself(value.GetType()) => value.ToString()!,
            _ when IsRecord(value.GetType()) => Record(value),
            _ => value.GetType().Name,
        };

    /// <summary>A record's name, and those of its properties that differ from its defaults; all of them where it has no defaults.</summary>
    private static string Record(object value)
    {
        Type type = value.GetType();
        object? defaults = type.GetConstructors().FirstOrDefault(c => c.GetParameters().All(p => p.HasDefaultValue)) is { } constructor
            ? constructor.Invoke([.. constructor.GetParameters().Select(p => p.DefaultValue)])
            : null;
        string[] set =
        [
            .. type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
                .Where(property => property.CanWrite && property.GetIndexParameters().Length == 0)
                .OrderBy(property => property.Name, StringComparer.Ordinal)
                .Select(property =>
                    (
                        property.Name,
                        Value: Text(property.GetValue(value)),
                        Default: defaults is null ? null : Text(property.GetValue(defaults))
                    )
                )
                .Where(property => property.Value != property.Default)
                .Select(property => $"{property.Name} = {property.Value}"),
        ];
        return set.Length == 0 ? type.Name : $"{type.Name} {{ {string.Join(", ", set)} }}";
    }

    private static bool IsRecord(Type type) => type.GetMethod("<Clone>$") is not null;

    private static bool WritesItself(Type type) =>
        type.GetMethod(nameof(ToString), Type.EmptyTypes) is { } method
        && method.DeclaringType != typeof(object)
        && method.DeclaringType != typeof(ValueType)
        && method.GetCustomAttribute<System.Runtime.CompilerServices.CompilerGeneratedAttribute>() is null;
}
