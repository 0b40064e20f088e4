using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExtensions.Backbones;
using MLNetExtensions.Imaging;
using MLNetExtensions.Imaging.Augmentations.Operations;
using MLNetExtensions.Scoring.Export;
using MLNetExtensions.TestData;
using MLNetExtensions.Tests;
using MLNetExtensions.Tests.Trainers;
using MLNetExtensions.Trainers.Distilling;
using MLNetExtensions.Trainers.TrainNetwork;
using MLNetExtensions.Training.Callbacks;
using MLNetExtensions.Training.Schedules;
using MLNetExtensions.TrainingContract.Trainers;

namespace MLNetExtensions.TorchSharp.Tests.Cultures;

/// <summary>
/// The whole loop under cultures with other separators, signs, digits, calendars and letter cases: all that it writes is what it writes
/// under none.
/// </summary>
[Collection(Alone.Name)]
public sealed partial class CultureTests : IDisposable
{
    public static readonly TheoryData<string> Cultures = ["tr-TR", "de-DE", "ar-SA", "fa-IR", "th-TH", "sv-SE"];

    private readonly ColorImages _images = new(18);
    private readonly TemporaryFolder _folder = new();

    public void Dispose()
    {
        _images.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void A_culture_is_another_one()
    {
        using var culture = new TestCulture("de-DE");
        Assert.Equal("2,5", 2.5.ToString(CultureInfo.CurrentCulture));
        Assert.Equal("2.5", string.Create(CultureInfo.InvariantCulture, $"{2.5}"));
    }

    [Theory]
    [MemberData(nameof(Cultures))]
    public void The_loop_writes_the_same_under_each_culture(string name)
    {
        IReadOnlyList<(string Name, string Text)> expected = Written("", "a");
        IReadOnlyList<(string Name, string Text)> found = Written(name, "b");

        Assert.Equal(expected.Select(e => e.Name), found.Select(e => e.Name));
        Assert.All(expected.Zip(found), pair => Assert.Equal(pair.First.Text, pair.Second.Text));
    }

    [Theory]
    [MemberData(nameof(Cultures))]
    public void A_checkpoint_of_one_culture_goes_on_under_another(string name)
    {
        string checkpoints = Path.Combine(_folder.Path, "checkpoints");
        MLContext ml = new(seed: 1);
        TrainNetworkOptions options = Options();
        options.Callbacks = [new CheckpointCallback(checkpoints)];
        using (new TestCulture(name))
            ml.TrainNetwork(options).Fit(_images.Paths(ml)).Dispose();

        options = Options();
        (options.Epochs, options.ResumeFrom) = (3, checkpoints);
        using (new TestCulture("en-US"))
        using (TrainNetworkTransformer resumed = ml.TrainNetwork(options).Fit(_images.Paths(ml)))
            Assert.Equal([1, 2, 3], resumed.Result.History.Epochs.Select(e => e.Epoch));
    }

    /// <summary>All texts of a run, with zeros for its numbers as no culture writes them, since times are among them.</summary>
    private List<(string Name, string Text)> Written(string cultureName, string run)
    {
        using var culture = new TestCulture(cultureName);
        List<(string, string)> texts = [];
        string folder = Directory.CreateDirectory(Path.Combine(_folder.Path, run)).FullName;
        var log = new StringBuilder();
        MLContext ml = new(seed: 1);
        ml.Log += (_, e) =>
        {
            if (
                e.Source.Contains("MLNetExtensions", StringComparison.Ordinal)
                || e.Source.Contains("TrainNetwork", StringComparison.Ordinal)
            )
                log.AppendLine(e.Message);
        };
        string list = Path.Combine(folder, "list.csv");
        File.WriteAllLines(
            list,
            [
                .. _images
                    .Rows.Select((r, i) => string.Create(CultureInfo.InvariantCulture, $"{r.Image},{r.Label},{i - 1.5}"))
                    .Prepend("ImagePath,Label,Weight"),
            ]
        );
        IDataView rows = ml.Data.LoadFromImageList(list);
        Add("inspection", ml.Vision().Inspect(rows).ToString()!);
        IDataView keys = ml
            .Transforms.Conversion.MapValueToKey("Label")
            .Append(ml.Transforms.Conversion.ConvertType("Weight", outputKind: DataKind.Single))
            .Fit(rows)
            .Transform(rows);
        Add("weights", string.Join(' ', keys.GetColumn<float>("Weight").Select(w => w.ToString("R", CultureInfo.InvariantCulture))));

        TrainNetworkOptions options = Options();
        options.ImageColumnName = "ImagePath";
        options.Callbacks =
        [
            new CheckpointCallback(Path.Combine(folder, "checkpoints")),
            new TensorBoardCallback(Path.Combine(folder, "board")),
            new CsvLogCallback(Path.Combine(folder, "log.csv")),
        ];
        using TrainNetworkTransformer model = ml.TrainNetwork(options).Fit(keys);
        Add("report", ml.Vision().Report(model.Transform(keys)).ToString()!);
        Add("summary", model.Model.ToString()!);
        Add("warnings", string.Join('\n', model.Result.Warnings));
        Add("device", model.Result.History.Device);
        model.ExportOnnx(Path.Combine(folder, "model.onnx"), new OnnxExportOptions { ModelCardPath = Path.Combine(folder, "card.md") });
        foreach ((string key, string value) in model.Model.Metadata.OrderBy(m => m.Key, StringComparer.Ordinal))
            Add($"metadata {key}", value);
        Add("card", File.ReadAllText(Path.Combine(folder, "card.md")));
        Add("csv", File.ReadAllText(Path.Combine(folder, "log.csv")));
        Add("checkpoint settings", Settings(Directory.GetFiles(Path.Combine(folder, "checkpoints")).Order(StringComparer.Ordinal).Last()));
        ml.Model.Save(model, keys.Schema, Path.Combine(folder, "model.zip"));
        Add(
            "files",
            string.Join(
                '\n',
                Directory
                    .EnumerateFileSystemEntries(folder, "*", SearchOption.AllDirectories)
                    .Select(f => Path.GetRelativePath(folder, f))
                    .Order(StringComparer.Ordinal)
            )
        );
        options.LearningRate = -0.5f;
        Add("error", Assert.ThrowsAny<ArgumentException>(() => ml.TrainNetwork(options)).Message);
        Add("log", log.ToString());
        return texts;

        void Add(string what, string text) => texts.Add((what, Numbers().Replace(text.Replace(folder, "", StringComparison.Ordinal), "0")));
    }

    // The texts within a checkpoint: its settings are among them.
    private static string Settings(string checkpoint) =>
        string.Join(
            '\n',
            Printable()
                .Matches(File.ReadAllText(checkpoint, Encoding.UTF8))
                .Select(m => m.Value)
                .Where(t => t.Contains("Distillation", StringComparison.Ordinal))
        );

    private TrainNetworkOptions Options()
    {
        MLContext ml = new(seed: 1);
        return new TrainNetworkOptions
        {
            CreateGraph = SmallCnn.Create,
            Epochs = 2,
            LearningRate = 0.0125f,
            BatchSize = 6,
            Threads = 1,
            Seed = -3,
            ValidationFraction = 0.25f,
            Schedule = new ConstantSchedule(),
            Augmentation = new HorizontalFlip(),
            Distillation = new KnowledgeDistillation(
                Backbone.FromGraph(
                    SmallCnn.Create(3),
                    new ImagePreprocessing
                    {
                        Width = SmallCnn.Side,
                        Height = SmallCnn.Side,
                        CropFraction = 1,
                    }
                )
            )
            {
                Temperature = 2.5f,
            },
        };
    }

    [GeneratedRegex(@"[0-9]+(\.[0-9]+)?(E-?[0-9]+)?")]
    private static partial Regex Numbers();

    [GeneratedRegex(@"[\x20-\x7e\u00a0-\uffff]{8,}")]
    private static partial Regex Printable();
}
