using System.Reflection;
using MLNetExtensions.Tool.Tasks;

namespace MLNetExtensions.Tool.Settings;

/// <summary>
/// The settings that are properties of the trainers' options: FineTuneOptions, TrainDetectorOptions and TrainSegmenterOptions. They are read
/// from a table that a test writes from the types, so that help needs neither ML.NET nor the library.
/// </summary>
internal static class TrainerSettings
{
    private const string Resource = "trainer-settings.tsv";

    // What most people set; the rest is in --help-all.
    private static readonly HashSet<string> Common =
    [
        "layers",
        "epochs",
        "batch-size",
        "learning-rate",
        "augmentation",
        "validation-fraction",
        "early-stopping",
        "balance-classes",
        "seed",
    ];

    private static readonly Lazy<IReadOnlyList<Setting>> Table = new(Read);

    public static IReadOnlyList<Setting> All => Table.Value;

    /// <summary>A setting as a line of the table.</summary>
    public static string LineOf(Setting setting) =>
        string.Join(
            '\t',
            setting.Name,
            setting.Property,
            setting.Kind,
            string.Join('|', setting.Choices),
            setting.Default,
            setting.Summary,
            string.Join('|', setting.Tasks.Select(VisionTasks.WordOf))
        );

    private static IReadOnlyList<Setting> Read()
    {
        using Stream stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(Resource)!;
        using var reader = new StreamReader(stream);
        var settings = new List<Setting>();
        while (reader.ReadLine() is { Length: > 0 } line)
        {
            string[] fields = line.Split('\t');
            settings.Add(
                new Setting(fields[0], Enum.Parse<SettingKind>(fields[2]), fields[5])
                {
                    Property = fields[1],
                    Choices = fields[3].Split('|', StringSplitOptions.RemoveEmptyEntries),
                    Default = fields[4].Length > 0 ? fields[4] : null,
                    Tasks = [.. fields[6].Split('|').Select(VisionTasks.Parse)],
                    IsCommon = Common.Contains(fields[0]),
                }
            );
        }
        return settings;
    }
}
