using System.Globalization;
using System.Text;
using MLNetExtensions.Hosting;
using MLNetExtensions.Tool.Invocation;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;
using YamlDotNet.Serialization;

namespace MLNetExtensions.Tool.Settings;

/// <summary>Settings in a YAML file: a key for each, of the option's name without its hyphens.</summary>
internal static class ConfigFile
{
    /// <summary>Reads a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="settings">The settings that it may have.</param>
    /// <exception cref="UsageException">There is no such file, it is not YAML, or a key or a value is wrong; the message names the line.</exception>
    public static SettingValues Read(string path, IReadOnlyList<Setting> settings)
    {
        if (!File.Exists(path))
            throw new UsageException($"There is no configuration file '{Path.GetFullPath(path)}'. --config takes a YAML file.");
        var values = new SettingValues(settings);
        var yaml = new YamlStream();
        try
        {
            using StreamReader reader = File.OpenText(path);
            yaml.Load(reader);
        }
        catch (YamlException error)
        {
            throw new UsageException($"'{path}', line {error.Start.Line}: it is not YAML: {error.Message}", error);
        }
        if (yaml.Documents.Count == 0)
            return values;
        if (yaml.Documents is not [{ RootNode: YamlMappingNode root }])
            throw new UsageException($"'{path}' must be one list of keys and values, such as 'epochs: 20'.");
        foreach ((YamlNode keyNode, YamlNode valueNode) in root.Children)
        {
            string key = (keyNode as YamlScalarNode)?.Value ?? "";
            string place = $"'{path}', line {keyNode.Start.Line}: {key}";
            if (settings.All(s => s.Name != key))
                throw new UsageException(
                    $"{place} is no setting. "
                        + (NearestName.Of(key, settings.Select(s => s.Name)) is { } nearest ? $"Did you mean {nearest}? " : "")
                        + "'mlnetx schema' prints all of them."
                );
            if (TextOf(valueNode) is { } text)
                values.Set(key, text, place);
            else if (valueNode is not YamlScalarNode)
                throw new UsageException($"{place} must be one value, as its option takes it.");
        }
        return values;
    }

    /// <summary>Writes settings such that <see cref="Read"/> returns them.</summary>
    public static string Write(SettingValues values)
    {
        ISerializer serializer = new SerializerBuilder().WithQuotingNecessaryStrings().Build();
        var text = new StringBuilder();
        foreach ((Setting setting, string value) in values.Given)
            text.Append(serializer.Serialize(new Dictionary<string, object> { [setting.Name] = ValueOf(setting, value) }));
        return text.ToString().ReplaceLineEndings("\n");
    }

    /// <summary>A value, or a list's items as an option takes them; null for a key without a value.</summary>
    private static string? TextOf(YamlNode node) =>
        node switch
        {
            YamlScalarNode { Style: ScalarStyle.Plain, Value: "" or "~" or "null" } => null,
            YamlScalarNode scalar => scalar.Value,
            YamlSequenceNode list when list.All(item => item is YamlScalarNode) => string.Join(
                ',',
                list.Select(item => ((YamlScalarNode)item).Value)
            ),
            _ => null,
        };

    private static object ValueOf(Setting setting, string text) =>
        setting.Kind switch
        {
            SettingKind.Switch => bool.Parse(text),
            SettingKind.Integer => long.Parse(text, CultureInfo.InvariantCulture),
            SettingKind.Number => double.Parse(text, CultureInfo.InvariantCulture),
            _ => text,
        };
}
