using System.Text;
using System.Text.Json;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExtensions.Imaging;
using MLNetExtensions.ModelBuilder.Programs;
using MLNetExtensions.TestData;
using MLNetExtensions.Training;
using Xunit;

namespace MLNetExtensions.ModelBuilder.Tests;

public sealed class TrainTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public void The_trial_is_written_in_the_form_of_the_version(int version)
    {
        ModelBuilderProject project = ProgramTrial.Create(version, _folder.Path);

        using ModelBuilderResult result = project.Train(new MLContext(1));

        Assert.True(result.Score > 0.8, $"{result.Score}");
        using JsonDocument after = JsonDocument.Parse(File.ReadAllBytes(project.ConfigPath));
        JsonElement history = after.RootElement.GetProperty("RunHistory"),
            trial = Assert.Single(history.GetProperty("Trials").EnumerateArray());
        Assert.Equal(result.Score, trial.GetProperty("Score").GetDouble());
        Assert.Equal(result.Duration.TotalSeconds, trial.GetProperty("RuntimeInSeconds").GetDouble());
        Assert.Equal(
            version switch
            {
                <= 1 => "ImageClassification",
                2 => "DNN + ResNet50",
                _ => "ImageClassificationMulti",
            },
            trial.GetProperty("TrainerName").GetString()
        );
        Assert.Equal(result.Metric.ToString(), history.GetProperty("MetricName").GetString());
        Assert.Equal(version >= 3, trial.TryGetProperty("Parameter", out JsonElement parameter));
        if (version >= 4)
        {
            Assert.Equal(result.Training.History.Epochs.Count, parameter.GetProperty("e1").GetProperty("Epoch").GetInt32());
            Assert.Equal(version == 5 ? "MLModel1.mlnet" : project.ModelPath, history.GetProperty("ModelFilePath").GetString());
        }
        Assert.Equal(
            [project.BackbonePath, project.ModelPath, project.ConsumptionPath, project.TrainingPath, project.ConfigPath],
            result.Files
        );
        Assert.Equal(result.Files.Order(), Directory.GetFiles(project.Folder).Where(f => !f.EndsWith(".csproj")).Order());
        Assert.Equal(version, ModelBuilderProject.Open(project.ConfigPath).Version);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    [InlineData(5)]
    public void Everything_but_the_trial_stays_byte_for_byte(int version)
    {
        ModelBuilderProject project = ProgramTrial.Create(version, _folder.Path);
        string before = Encoding
            .UTF8.GetString(ProgramTrial.Config(version))
            .ReplaceLineEndings("\r\n")
            .Replace("  \"Scenario\"", "  \"Mine\" : { \"a\":1.50,   \"b\": [ ] }, // kept\r\n  \"Scenario\"", StringComparison.Ordinal);
        File.WriteAllText(project.ConfigPath, before);

        ModelBuilderProject.Open(project.ConfigPath).Train(new MLContext(1)).Dispose();

        string after = File.ReadAllText(project.ConfigPath);
        Assert.Contains("\"Mine\" : { \"a\":1.50,   \"b\": [ ] }, // kept\r\n", after, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', after.Replace("\r\n", "", StringComparison.Ordinal));
        Assert.Equal(Outside(before), Outside(after));

        // From the start to the trials, and from the root's end of RunHistory on.
        static (string, string) Outside(string text) =>
            (
                text[..text.IndexOf("\"Trials\"", StringComparison.Ordinal)],
                text[text.IndexOf("\r\n  }", text.IndexOf("MetricName", StringComparison.Ordinal), StringComparison.Ordinal)..]
            );
    }

    [Fact]
    public void A_configuration_without_a_run_gets_one()
    {
        ModelBuilderProject project = ProgramTrial.Create(5, _folder.Path);
        string text = Encoding.UTF8.GetString(ProgramTrial.Config(5)).ReplaceLineEndings("\n");
        int start = text.IndexOf("  \"RunHistory\"", StringComparison.Ordinal),
            end = text.IndexOf("  \"Type\": \"TrainingConfig\"", StringComparison.Ordinal);
        File.WriteAllText(project.ConfigPath, text[..start] + text[end..]);

        ModelBuilderProject.Open(project.ConfigPath).Train(new MLContext(1)).Dispose();

        using JsonDocument after = JsonDocument.Parse(File.ReadAllBytes(project.ConfigPath));
        Assert.Equal(
            ["Scenario", "DataSource", "Environment", "RunHistory", "Type", "Version", "TrainingOption"],
            after.RootElement.EnumerateObject().Select(p => p.Name)
        );
        Assert.Equal(
            ["Version", "Type", "Trials", "Estimators", "Schema", "MetricName", "ModelFilePath"],
            after.RootElement.GetProperty("RunHistory").EnumerateObject().Select(p => p.Name)
        );
    }

    [Fact]
    public void The_loaded_model_has_the_classes_on_the_label_and_takes_a_missing_one()
    {
        ModelBuilderProject project = ProgramTrial.Create(4, _folder.Path);
        project.Train(new MLContext(1)).Dispose();
        var ml = new MLContext();
        ITransformer model = ml.Model.Load(project.ModelPath, out DataViewSchema input);
        using PredictionEngine<Input, Output> engine = ml.Model.CreatePredictionEngine<Input, Output>(model);

        Output output = engine.Predict(
            new Input { ImageSource = File.ReadAllBytes(Directory.GetFiles(Path.Combine(_folder.Path, "images", "red"))[0]) }
        );

        Assert.Equal(["Label", "ImageSource"], input.Select(c => c.Name));
        var names = default(VBuffer<ReadOnlyMemory<char>>);
        engine.OutputSchema["Label"].GetKeyValues(ref names);
        Assert.Equal(ColorFolders.Names, names.DenseValues().Select(n => n.ToString()));
        Assert.Equal(0u, output.Label);
        Assert.Equal("red", output.PredictedLabel);
        Assert.Equal(2, Array.IndexOf(output.Score, output.Score.Max()));
        Assert.NotEmpty(output.ImageSource);
    }

    [Fact]
    public void The_fraction_of_the_configuration_validates()
    {
        using ModelBuilderResult result = ProgramTrial.Create(4, _folder.Path).Train(new MLContext(1));

        Assert.Equal(21, result.Training.TrainingRows); // 30 % of 30 images validate.
        Assert.Equal(9, Validated(result));
    }

    [Fact]
    public void The_validation_folder_of_the_configuration_validates()
    {
        using ModelBuilderResult result = ProgramTrial.Create(5, _folder.Path).Train(new MLContext(1));

        Assert.Equal(30, result.Training.TrainingRows);
        Assert.Equal(9, Validated(result));
    }

    [Fact]
    public void Subsampling_keeps_the_proportions_of_the_classes()
    {
        ModelBuilderProject project = ProgramTrial.Create(5, _folder.Path);
        Replace(project, "\"Subsampling\": false", "\"Subsampling\": true");

        using ModelBuilderResult result = ModelBuilderProject
            .Open(project.ConfigPath)
            .Train(new MLContext(1), new ModelBuilderTrainOptions { SubsampleSize = 12 });

        Assert.Equal(12, result.Training.TrainingRows);
    }

    [Fact]
    public void A_class_that_only_validates_is_an_error_and_nothing_is_written()
    {
        ModelBuilderProject project = ProgramTrial.Create(5, _folder.Path);
        Directory.Move(Path.Combine(_folder.Path, "validation", "red"), Path.Combine(_folder.Path, "validation", "pink"));
        byte[] before = File.ReadAllBytes(project.ConfigPath);

        Exception e = Assert.Throws<InvalidDataException>(() => project.Train(new MLContext(1)));

        Assert.Contains("classes without training images: pink", e.Message, StringComparison.Ordinal);
        Assert.Equal(before, File.ReadAllBytes(project.ConfigPath));
        Assert.Equal(2, Directory.GetFiles(project.Folder).Length);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void An_unreadable_image_is_named(int version)
    {
        ModelBuilderProject project = ProgramTrial.Create(version, _folder.Path);
        File.WriteAllText(Path.Combine(_folder.Path, "images", "green", "broken.png"), "no image");

        Exception e = Assert.Throws<InvalidImageException>(() => project.Train(new MLContext(1)));

        Assert.Contains("broken.png", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_time_limit_that_ends_before_the_first_epoch_says_what_to_raise()
    {
        ModelBuilderProject project = ProgramTrial.Create(4, _folder.Path);

        Exception e = Assert.Throws<TimeoutException>(() =>
            project.Train(new MLContext(1), new ModelBuilderTrainOptions { TimeLimit = TimeSpan.FromTicks(1) })
        );

        Assert.Contains("Raise TrainingTime", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_configuration_that_became_newer_while_it_trained_is_not_overwritten()
    {
        ModelBuilderProject project = ProgramTrial.Create(5, _folder.Path);
        Replace(project, "\"Version\": 5", "\"Version\": 6");

        Assert.Throws<NotSupportedException>(() => project.Train(new MLContext(1)));

        Assert.Contains("\"Version\": 6", File.ReadAllText(project.ConfigPath), StringComparison.Ordinal);
        Assert.Equal(2, Directory.GetFiles(project.Folder).Length);
    }

    [Fact]
    public void The_environment_LocalGPU_trains_on_the_processor_where_there_is_no_GPU()
    {
        ModelBuilderProject project = ProgramTrial.Create(4, _folder.Path);
        Replace(project, "LocalCPU", "LocalGPU");

        using ModelBuilderResult result = ModelBuilderProject.Open(project.ConfigPath).Train();

        Assert.True(File.Exists(project.ModelPath));
    }

    [Fact]
    public void Macro_accuracy_gives_classes_equal_weights()
    {
        ModelBuilderProject project = ProgramTrial.Create(3, _folder.Path);

        using ModelBuilderResult result = project.Train(new MLContext(1));

        Assert.Equal(result.Metrics.MacroAccuracy, result.Score);
        Assert.Contains("BalanceClasses = true,", File.ReadAllText(project.TrainingPath), StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_backbone_the_own_one_is_used_with_a_warning_and_kept_for_the_next_time()
    {
        ModelBuilderProject project = ProgramTrial.Create(4, _folder.Path);

        Assert.Single(Warnings(project), w => w.Contains("No backbone was given", StringComparison.Ordinal));
        Assert.DoesNotContain(Warnings(project), w => w.Contains("No backbone was given", StringComparison.Ordinal));
    }

    [Fact]
    public void Progress_is_reported()
    {
        var epochs = new List<int>();

        ProgramTrial
            .Create(4, _folder.Path)
            .Train(new MLContext(1), new ModelBuilderTrainOptions { Progress = new Reports(epochs) })
            .Dispose();

        Assert.NotEmpty(epochs);
    }

    private static List<string> Warnings(ModelBuilderProject project)
    {
        var warnings = new List<string>();
        var ml = new MLContext(1);
        ml.Log += (_, e) =>
        {
            if (e.Kind == Microsoft.ML.Runtime.ChannelMessageKind.Warning)
                warnings.Add(e.Message);
        };
        project.Train(ml).Dispose();
        return warnings;
    }

    private static double Validated(ModelBuilderResult result) => result.Metrics.ConfusionMatrix.Counts.Sum(row => row.Sum());

    private static void Replace(ModelBuilderProject project, string old, string changed)
    {
        string text = File.ReadAllText(project.ConfigPath);
        Assert.Contains(old, text, StringComparison.Ordinal);
        File.WriteAllText(project.ConfigPath, text.Replace(old, changed, StringComparison.Ordinal));
    }

    private sealed class Reports(List<int> epochs) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => epochs.Add(value.Epoch);
    }

    private sealed class Input
    {
        public string? Label { get; set; }

        public byte[] ImageSource { get; set; } = [];
    }

    private sealed class Output
    {
        public uint Label { get; set; }

        public byte[] ImageSource { get; set; } = [];

        public string PredictedLabel { get; set; } = "";

        public float[] Score { get; set; } = [];
    }
}
