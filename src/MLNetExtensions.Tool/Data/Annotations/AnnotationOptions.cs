using System.CommandLine;
using MLNetExtensions.Tool.Settings;

namespace MLNetExtensions.Tool.Data.Annotations;

/// <summary>The options of verbs after training that say where boxes and masks are.</summary>
internal sealed class AnnotationOptions
{
    private readonly SettingOptions _options;

    /// <summary>Adds them to a command.</summary>
    public AnnotationOptions(Command command) =>
        _options = new SettingOptions(command, [.. TrainSettings.Annotations.Select(setting => setting with { IsCommon = true })]);

    /// <summary>What a command line gives.</summary>
    public SettingValues Read(ParseResult parsed) => _options.Read(parsed);
}
