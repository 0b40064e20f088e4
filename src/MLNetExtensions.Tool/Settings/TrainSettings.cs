using System.Globalization;
using MLNetExtensions.Tool.Data.Annotations;
using MLNetExtensions.Tool.Tasks;

namespace MLNetExtensions.Tool.Settings;

/// <summary>All settings of train: the tool's own, then those of the trainer.</summary>
internal static class TrainSettings
{
    public const string Data = "data";
    public const string Task = "task";
    public const string Format = "format";
    public const string ImageFolder = "image-folder";
    public const string MaskFolder = "mask-folder";
    public const string Classes = "classes";
    public const string IgnoredIndex = "ignored-index";
    public const string InvalidBoxes = "invalid-boxes";
    public const string ScoreThreshold = "score-threshold";
    public const string ValidationData = "validation-data";
    public const string TestData = "test-data";
    public const string TestFraction = "test-fraction";
    public const string Backbone = "backbone";
    public const string ImageSize = "image-size";
    public const string Time = "time";
    public const string Device = "device";
    public const string Runs = "runs";
    public const string Name = "name";
    public const string NoReport = "no-report";
    public const string Seed = "seed";
    public const string Layers = "layers";
    public const string Augmentation = "augmentation";
    public const string EarlyStopping = "early-stopping";
    public const string ValidationFraction = "validation-fraction";

    /// <summary>
    /// So many training images measure each epoch where layers of the backbone are trained, so that the best epoch can be kept. A head on
    /// fixed features needs every image more than it needs measuring.
    /// </summary>
    public const string DefaultValidationFraction = "0.1";

    /// <summary>Not drawn: the same command makes the same model.</summary>
    public const string DefaultSeed = "1";

    /// <summary>Average precision counts weak boxes too; what is shown of them, predict decides.</summary>
    public const float DefaultScoreThreshold = 0.01f;

    /// <summary>The settings that say where the boxes and masks of images are, and what they mean.</summary>
    public static readonly IReadOnlyList<Setting> Annotations =
    [
        new(Format, SettingKind.Choice, "The format of the boxes or masks.")
        {
            Choices = AnnotationFormats.Words,
            Default = "found by looking",
            Tasks = VisionTasks.Dense,
        },
        new(ImageFolder, SettingKind.Path, "The folder of the images.")
        {
            Default = "beside the boxes or masks",
            Tasks = VisionTasks.Dense,
        },
        new(MaskFolder, SettingKind.Path, "The folder of the masks: PNG or BMP files with the images' names.")
        {
            Default = "masks, labels, annotations or SegmentationClass beside the images",
            Tasks = [VisionTask.Segment],
        },
        new(
            Classes,
            SettingKind.Text,
            "The classes' names, separated by commas, or a file with one a line; those of masks by index, from 0."
        )
        {
            Default = "those of the data; for masks those of classes.txt",
            Tasks = VisionTasks.Dense,
        },
        new(
            InvalidBoxes,
            SettingKind.Choice,
            "What to do with boxes that cannot be right: end with an error, cut them at the image's edge, or leave them out."
        )
        {
            Choices = ["refuse", "clip", "skip"],
            Default = "refuse",
            Tasks = [VisionTask.Detect],
        },
        new(IgnoredIndex, SettingKind.Integer, "The index of pixels of masks that do not count.")
        {
            Default = "255",
            Tasks = [VisionTask.Segment],
        },
    ];

    private static readonly Setting[] Own =
    [
        new(
            Data,
            SettingKind.Path,
            "The images: for classes a folder with a sub-folder for each, a list (.csv, .tsv, .json, .jsonl), or an archive; for boxes and "
                + "masks a folder, or a COCO or VoTT file."
        )
        {
            IsCommon = false,
        },
        new(
            Task,
            SettingKind.Choice,
            "What to train: the class of an image, the boxes of objects (detect), or the class of each pixel (segment)."
        )
        {
            Choices = VisionTasks.Words,
            Default = VisionTasks.WordOf(VisionTask.Classify),
            IsCommon = true,
        },
        new(Backbone, SettingKind.Text, "The pretrained network: an ONNX file, or the name of one that 'mlnetx backbones list' shows.")
        {
            Default = "the best at hand",
            IsCommon = true,
        },
        new(ImageSize, SettingKind.Integer, "The width and height of the network's input, in pixels.")
        {
            Default = "the backbone's; detect, segment: 320",
            IsCommon = true,
        },
        new(Time, SettingKind.Duration, "The time that training may take: 90s, 10m, 1h30m; the best model so far is kept.")
        {
            Default = "no limit",
            IsCommon = true,
        },
        new(
            TestFraction,
            SettingKind.Number,
            "The fraction of the images (of each class) to hold out, for the figures of the finished model."
        )
        {
            Default = "0.2",
            IsCommon = true,
        },
        new(TestData, SettingKind.Path, "Images for the figures of the finished model, instead of held out ones.")
        {
            Default = "the sub-folder test, where the data have sub-folders train and test",
        },
        new(ValidationData, SettingKind.Path, "Images that measure each epoch, instead of held out ones.")
        {
            Default = "the sub-folder val or validation, where the data have one beside train",
        },
        new(Device, SettingKind.Text, "The processor: cpu, gpu, or the number of a GPU.") { Default = "cpu" },
        new(Runs, SettingKind.Path, "The folder for the folders of runs.") { Default = "runs", IsCommon = true },
        new(Name, SettingKind.Text, "The beginning of the run folder's name; a number follows.") { Default = "train" },
        new(NoReport, SettingKind.Switch, "Write no report.html.") { Default = "false" },
    ];

    private static readonly Lazy<IReadOnlyList<Setting>> Table = new(() =>
        [
            .. Own,
            .. Annotations,
            .. TrainerSettings.All.Select(setting =>
                setting.Name switch
                {
                    ValidationFraction => setting with
                    {
                        Default = $"0 for head without --early-stopping, else {DefaultValidationFraction}; detect, segment: 0",
                    },
                    Augmentation => setting with { Default = "none; detect, segment: mirrored, other sizes and places, color" },
                    ScoreThreshold => setting with
                    {
                        Default = $"{DefaultScoreThreshold.ToString(CultureInfo.InvariantCulture)}, for average precision",
                    },
                    Seed => setting with { Default = DefaultSeed },
                    _ => setting,
                }
            ),
        ]
    );

    public static IReadOnlyList<Setting> All => Table.Value;
}
