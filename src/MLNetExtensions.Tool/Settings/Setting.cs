using System.Globalization;
using MLNetExtensions.Tool.Tasks;

namespace MLNetExtensions.Tool.Settings;

/// <summary>A setting, which is an option of a verb and a key of a configuration file alike.</summary>
/// <param name="Name">The key, in kebab-case; the option has two hyphens before it.</param>
/// <param name="Kind">What its value is.</param>
/// <param name="Summary">What it is for, in one sentence.</param>
internal sealed record Setting(string Name, SettingKind Kind, string Summary)
{
    /// <summary>What holds where it is not given, as a text for people; null if nothing does.</summary>
    public string? Default { get; init; }

    /// <summary>The words that the value may be, or begin with.</summary>
    public IReadOnlyList<string> Choices { get; init; } = [];

    /// <summary>True for what the short help shows.</summary>
    public bool IsCommon { get; init; }

    /// <summary>The tasks that it is for.</summary>
    public IReadOnlyList<VisionTask> Tasks { get; init; } = VisionTasks.All;

    /// <summary>The property of the trainer's options that it sets; null if it is the tool's own.</summary>
    public string? Property { get; init; }

    /// <summary>True if the value has no kind, only properties: <c>patience=3</c>.</summary>
    public bool HasProperties => Kind == SettingKind.Variant && Choices.Any(choice => choice.EndsWith('='));

    /// <summary>The name of its value in help.</summary>
    public string ValueName =>
        Kind switch
        {
            SettingKind.Path => "path",
            SettingKind.Switch => "true|false",
            SettingKind.Integer => "n",
            SettingKind.Number => "number",
            SettingKind.Numbers => "numbers",
            SettingKind.Duration => "time",
            SettingKind.Layers => "head|all|n",
            SettingKind.Choice => string.Join('|', Choices),
            SettingKind.Variant => HasProperties ? $"{Choices[0]}n,..." : "kind",
            _ => "text",
        };

    /// <summary>The summary with what help needs beside it: the tasks, the choices and the default.</summary>
    public string Help =>
        (Tasks.Count == VisionTasks.All.Count ? "" : $"For {VisionTasks.Text(Tasks)}: ")
        + Summary
        + (
            Kind != SettingKind.Variant ? ""
            : HasProperties ? $" Properties: {string.Join(", ", Choices.Select(choice => choice.TrimEnd('=')))}."
            : $" Kinds: {string.Join(", ", Choices)}."
        )
        + (Default is null ? "" : $" [default: {Default}]");

    /// <summary>What a value should be instead; null if it is right.</summary>
    public string? Expected(string text) =>
        Kind switch
        {
            SettingKind.Switch when !bool.TryParse(text, out _) => "true or false",
            SettingKind.Integer when !long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _) =>
                "a whole number",
            SettingKind.Number when !IsNumber(text) => "a number",
            SettingKind.Numbers when !text.Split(',').All(IsNumber) => "numbers, separated by commas",
            SettingKind.Duration when Durations.TryParse(text) is null => "a time such as 90s, 10m or 1h30m",
            SettingKind.Choice when !Choices.Contains(text, StringComparer.OrdinalIgnoreCase) => $"one of {string.Join(", ", Choices)}",
            SettingKind.Layers
                when text is not ("head" or "all")
                    && !(int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int stages) && stages > 0) =>
                "head, all, or a number of stages",
            _ when text.Length == 0 => "given",
            _ => null,
        };

    private static bool IsNumber(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && double.IsFinite(number);
}
