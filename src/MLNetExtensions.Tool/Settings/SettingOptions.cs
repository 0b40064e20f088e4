using System.CommandLine;
using System.CommandLine.Parsing;

namespace MLNetExtensions.Tool.Settings;

/// <summary>Settings as options of a command.</summary>
internal sealed class SettingOptions
{
    private readonly List<(Setting Setting, Option Option)> _options;

    /// <summary>Adds an option for each setting to a command.</summary>
    public SettingOptions(Command command, IReadOnlyList<Setting> settings)
    {
        Settings = settings;
        _options = [.. settings.Select(setting => (setting, OptionOf(setting)))];
        foreach ((_, Option option) in _options)
            command.Options.Add(option);
    }

    public IReadOnlyList<Setting> Settings { get; }

    /// <summary>The values that a command line gives.</summary>
    /// <exception cref="Invocation.UsageException">A value is not of its setting's kind.</exception>
    public SettingValues Read(ParseResult parsed)
    {
        var values = new SettingValues(Settings);
        foreach ((Setting setting, Option option) in _options)
            if (parsed.GetResult(option) is { Implicit: false } result)
                values.Set(setting.Name, result.Tokens is [Token token, ..] ? token.Value : "true");
        return values;
    }

    private static Option OptionOf(Setting setting)
    {
        string name = $"--{setting.Name}";
        Option option =
            setting.Kind == SettingKind.Switch ? new Option<bool>(name) : new Option<string>(name) { HelpName = setting.ValueName };
        option.Description = setting.Help;
        option.Hidden = !setting.IsCommon;
        if (setting.Kind is SettingKind.Choice or SettingKind.Variant)
            option.CompletionSources.Add([.. setting.Choices]);
        return option;
    }
}
