using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using MLNetExtensions.Tool.Tasks;
using MLNetExtensions.Trainers;
using MLNetExtensions.Trainers.FineTune;
using MLNetExtensions.Trainers.TrainDetector;
using MLNetExtensions.Trainers.TrainSegmenter;

namespace MLNetExtensions.Tool.Settings;

/// <summary>Makes the table of <see cref="TrainerSettings"/>: from the properties of the trainers' options and their XML documentation.</summary>
internal static partial class TrainerSettingsReader
{
    // What the tool sets itself, or what is no setting of a run on a folder of classes.
    private static readonly HashSet<string> LeftOut =
    [
        nameof(FineTuneOptions.Backbone),
        nameof(FineTuneOptions.Task),
        nameof(FineTuneOptions.LabelColumnName),
        nameof(FineTuneOptions.ImageColumnName),
        nameof(FineTuneOptions.ImageFolder),
        nameof(FineTuneOptions.ScoreColumnName),
        nameof(FineTuneOptions.PredictedLabelColumnName),
        nameof(FineTuneOptions.Preprocessing),
        nameof(FineTuneOptions.ValidationSet),
        nameof(FineTuneOptions.Distillation),
        nameof(FineTuneOptions.Callbacks),
        nameof(FineTuneOptions.ResumeFrom),
        nameof(FineTuneOptions.ResumeFromPrevious),
        nameof(FineTuneOptions.Progress),
        nameof(FineTuneOptions.CancellationToken),
        nameof(FineTuneOptions.Runtime),
        nameof(TrainDetectorOptions.BoundingBoxesColumnName),
        nameof(TrainDetectorOptions.PredictedBoundingBoxesColumnName),
        nameof(TrainDetectorOptions.HeadOutputs),
    ];

    private static readonly Dictionary<string, string> Shorter = new() { [nameof(FineTuneOptions.TrainableLayers)] = "layers" };

    /// <summary>The settings of all trainers, each once, in the order of the documentation's properties: those of fine-tuning first.</summary>
    /// <param name="documentation">The file MLNetExtensions.xml.</param>
    public static IReadOnlyList<Setting> Read(string documentation)
    {
        Dictionary<string, XElement> members = XDocument
            .Load(documentation)
            .Descendants("member")
            .ToDictionary(member => member.Attribute("name")!.Value);
        return
        [
            .. new (VisionTask Task, TrainerOptions Defaults)[]
            {
                (VisionTask.Classify, new FineTuneOptions()),
                (VisionTask.Detect, new TrainDetectorOptions()),
                (VisionTask.Segment, new TrainSegmenterOptions()),
            }
                .SelectMany(trainer => Of(trainer.Task, trainer.Defaults, members))
                .GroupBy(setting => setting.Name)
                .Select(Merge),
        ];
    }

    private static IEnumerable<Setting> Of(VisionTask task, TrainerOptions defaults, Dictionary<string, XElement> members) =>
        defaults
            .GetType()
            .GetProperties()
            .Where(p => p.CanWrite && !LeftOut.Contains(p.Name))
            .Select(property =>
                Describe(property, members[$"P:{property.DeclaringType!.FullName}.{property.Name}"], defaults) with
                {
                    Tasks = [task],
                }
            );

    /// <summary>One setting of those that trainers share; where their defaults differ, it says which is whose.</summary>
    private static Setting Merge(IGrouping<string, Setting> shared)
    {
        Setting first = shared.First();
        if (shared.FirstOrDefault(other => other.Kind != first.Kind) is { } other)
            throw new InvalidOperationException(
                $"--{first.Name} is {first.Kind} for {VisionTasks.Text(first.Tasks)} and {other.Kind} for {VisionTasks.Text(other.Tasks)}."
            );
        IEnumerable<string> defaults = shared
            .Where(setting => setting.Default is not null)
            .GroupBy(setting => setting.Default!)
            .Select((same, i) => i == 0 ? same.Key : $"{VisionTasks.Text(same.SelectMany(setting => setting.Tasks))}: {same.Key}");
        return first with
        {
            Tasks = [.. shared.SelectMany(setting => setting.Tasks)],
            Default = defaults.Any() ? string.Join("; ", defaults) : null,
        };
    }

    private static Setting Describe(PropertyInfo property, XElement member, TrainerOptions defaults)
    {
        Type type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
        bool isList = SettingText.ItemOf(type) is not null;
        type = SettingText.ItemOf(type) ?? type;
        SettingKind kind =
            type == typeof(bool) ? SettingKind.Switch
            : type == typeof(FineTuneLayers) ? SettingKind.Layers
            : type.IsEnum ? SettingKind.Choice
            : type == typeof(int) || type == typeof(long) ? SettingKind.Integer
            : type == typeof(float) || type == typeof(double) ? SettingKind.Number
            : type == typeof(IReadOnlyList<float>) ? SettingKind.Numbers
            : type == typeof(string) ? SettingKind.Path
            : SettingKind.Variant;
        string summary = SummaryOf(member, kind, defaults.GetType()) + (isList ? " Several are joined by +." : "");
        return new Setting(Shorter.GetValueOrDefault(property.Name, SettingName.Of(property.Name)), kind, summary)
        {
            Property = property.Name,
            Default = DefaultOf(property.GetValue(defaults), member, defaults.GetType()),
            Choices =
                kind == SettingKind.Choice ? [.. Enum.GetNames(type).Select(SettingName.Of)]
                : kind == SettingKind.Variant ? [.. ChoicesOf(type)]
                : [],
        };
    }

    /// <summary>The kinds of a value; for a type without kinds its properties, each with an equals sign.</summary>
    private static IEnumerable<string> ChoicesOf(Type type) =>
        VariantTypes.Of(type) is [{ Type: { } only }]
            ? only.GetProperties().Where(p => p.CanWrite).Select(p => $"{SettingName.Of(p.Name)}=")
            : VariantTypes.Of(type).Where(IsShown).Select(word => word.Word);

    /// <summary>Single operations can be named too, but the list is of ready-made policies.</summary>
    private static bool IsShown(VariantWord word) =>
        word.Type?.Namespace?.EndsWith("Augmentations.Operations", StringComparison.Ordinal) != true;

    private static string SummaryOf(XElement member, SettingKind kind, Type options)
    {
        string text = FirstSentence(TextOf(member.Element("summary"), options));
        if (kind == SettingKind.Switch && text.StartsWith("True to ", StringComparison.Ordinal))
            text = text["True to ".Length..].Split("; false", 2)[0].TrimEnd('.') + ".";
        return char.ToUpperInvariant(text[0]) + text[1..];
    }

    private static string? DefaultOf(object? value, XElement member, Type options)
    {
        if (value is not null)
            return value switch
            {
                bool flag => flag ? "true" : "false",
                Enum choice => SettingName.Of(choice.ToString()),
                FineTuneLayers layers => layers.ToString(),
                System.Collections.ICollection { Count: 0 } => "none",
                IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
                _ => SettingName.Of(value.GetType().Name.Replace("Schedule", "")),
            };
        string text = TextOf(member.Element("value"), options);
        const string Start = "The default is null";
        return text.StartsWith(Start, StringComparison.Ordinal)
            ? LowerFirst(FirstSentence(text[Start.Length..].TrimStart(':', '.', ' ')).TrimEnd('.'))
            : null;
    }

    /// <summary>Names such as SGD keep their capitals.</summary>
    private static string LowerFirst(string text) =>
        text.Length > 1 && char.IsLower(text[1]) ? char.ToLowerInvariant(text[0]) + text[1..] : text;

    private static string FirstSentence(string text) => SentenceEnd().Split(text, 2)[0];

    /// <summary>The text of an element; references are the settings or the words that they name.</summary>
    private static string TextOf(XElement? element, Type options) =>
        element is null
            ? ""
            : Space()
                .Replace(
                    string.Concat(
                        element
                            .Nodes()
                            .Select(node =>
                                node switch
                                {
                                    XText text => text.Value,
                                    XElement { Name.LocalName: "see" } see => NameOf(see.Attribute("cref")?.Value ?? "", options),
                                    XElement other => TextOf(other, options),
                                    _ => "",
                                }
                            )
                    ),
                    " "
                )
                .Trim();

    private static string NameOf(string reference, Type options)
    {
        string name = reference.Split('(')[0].Split('.')[^1].Split(':')[^1];
        bool isSetting =
            reference.StartsWith("P:", StringComparison.Ordinal)
            && options.GetProperty(name) is { } property
            && !LeftOut.Contains(property.Name);
        return isSetting ? $"--{Shorter.GetValueOrDefault(name, SettingName.Of(name))}" : SettingName.Of(name.Replace("Schedule", ""));
    }

    [GeneratedRegex(@"(?<=\.)\s+(?=[A-Z])")]
    private static partial Regex SentenceEnd();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Space();
}
