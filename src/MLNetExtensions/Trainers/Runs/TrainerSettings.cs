using System.Reflection;
using MLNetExtensions.Training.Checkpoints;

namespace MLNetExtensions.Trainers.Runs;

/// <summary>The settings that a checkpoint must match when a run resumes from it.</summary>
internal static class TrainerSettings
{
    /// <summary>Collects the options that are marked with <see cref="CheckpointSettingAttribute"/>, and what the run adds.</summary>
    /// <param name="options">The trainer's options.</param>
    /// <param name="used">Values that only the run knows, by name: of options marked <see cref="CheckpointSettingAttribute.AsUsed"/>, and
    /// of the data.</param>
    /// <returns>Texts that are equal if the settings are, by name.</returns>
    public static Dictionary<string, string> Of(TrainerOptions options, IReadOnlyDictionary<string, object?> used)
    {
        var settings = used.ToDictionary(s => s.Key, s => SettingText.Of(s.Value));
        object? defaults = null;
        foreach (PropertyInfo option in options.GetType().GetProperties())
        {
            if (option.GetCustomAttribute<CheckpointSettingAttribute>() is not { } setting)
                continue;
            if (setting.AsUsed != used.ContainsKey(option.Name))
                throw new InvalidOperationException(
                    $"The run gives {(setting.AsUsed ? "no" : "a")} value for the option {option.Name}, which is marked "
                        + $"{nameof(setting.AsUsed)} = {setting.AsUsed}."
                );
            if (setting.AsUsed)
                continue;
            string value = SettingText.Of(option.GetValue(options));
            if (!setting.OmitsDefault || value != SettingText.Of(option.GetValue(defaults ??= Activator.CreateInstance(options.GetType()))))
                settings.Add(option.Name, value);
        }
        return settings;
    }
}
