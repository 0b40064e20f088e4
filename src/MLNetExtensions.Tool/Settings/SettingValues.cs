using System.Globalization;
using MLNetExtensions.Tool.Invocation;
using MLNetExtensions.Tool.Tasks;

namespace MLNetExtensions.Tool.Settings;

/// <summary>The values of settings, of a configuration file and of flags, each with where it was given.</summary>
/// <param name="settings">The settings that there are.</param>
internal sealed class SettingValues(IReadOnlyList<Setting> settings)
{
    private readonly Dictionary<string, (string Text, string Origin)> _values = [];

    /// <summary>The settings that there are.</summary>
    public IReadOnlyList<Setting> Settings { get; } = settings;

    /// <summary>The given values, in the settings' order.</summary>
    public IEnumerable<(Setting Setting, string Text)> Given =>
        Settings.Where(s => _values.ContainsKey(s.Name)).Select(s => (s, _values[s.Name].Text));

    /// <summary>Sets a value; a later one replaces it.</summary>
    /// <param name="name">The setting.</param>
    /// <param name="text">Its value.</param>
    /// <param name="origin">Where it was given, for messages: <c>--epochs</c>.</param>
    /// <exception cref="UsageException">The value is not of the setting's kind.</exception>
    public void Set(string name, string text, string? origin = null)
    {
        Setting setting = Settings.First(s => s.Name == name);
        origin ??= $"--{name}";
        if (setting.Expected(text) is { } expected)
            throw new UsageException($"{origin} is '{text}'; it must be {expected}.");
        _values[name] = (text, origin);
    }

    /// <summary>Removes a value.</summary>
    public void Remove(string name) => _values.Remove(name);

    /// <summary>Sets a value where none was given.</summary>
    public void Default(string name, string text)
    {
        if (!_values.ContainsKey(name))
            Set(name, text);
    }

    /// <summary>Takes over the given values of others.</summary>
    public void Take(SettingValues others)
    {
        foreach ((string name, (string text, string origin)) in others._values)
            Set(name, text, origin);
    }

    /// <summary>The task that is asked for.</summary>
    public VisionTask Task => VisionTasks.Parse(Text(TrainSettings.Task));

    public string? Text(string name) => _values.TryGetValue(name, out (string Text, string Origin) value) ? value.Text : null;

    /// <summary>Where a value was given, for messages.</summary>
    public string Origin(string name) => _values.TryGetValue(name, out (string Text, string Origin) value) ? value.Origin : $"--{name}";

    public bool Switch(string name) => Text(name) is { } text && bool.Parse(text);

    /// <summary>A whole number within limits; null if it was not given.</summary>
    /// <exception cref="UsageException">It is outside.</exception>
    public int? Integer(string name, int least, int most = int.MaxValue) =>
        Text(name) is not { } text ? null
        : long.Parse(text, CultureInfo.InvariantCulture) is long number && number >= least && number <= most ? (int)number
        : throw new UsageException(
            $"{Origin(name)} is {text}; it must be {(most == int.MaxValue ? $"at least {least}" : $"{least} to {most}")}."
        );

    /// <summary>A fraction at least 0 and below 1; null if it was not given.</summary>
    /// <exception cref="UsageException">It is outside.</exception>
    public double? Fraction(string name) =>
        Text(name) is not { } text ? null
        : double.Parse(text, CultureInfo.InvariantCulture) is >= 0 and < 1 and double number ? number
        : throw new UsageException($"{Origin(name)} is {text}; it must be at least 0 and less than 1.");

    public TimeSpan? Duration(string name) => Text(name) is { } text ? Durations.TryParse(text) : null;
}
