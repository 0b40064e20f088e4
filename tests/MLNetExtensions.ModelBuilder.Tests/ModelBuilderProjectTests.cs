using System.Text;
using MLNetExtensions.ModelBuilder.Programs;
using MLNetExtensions.TestData;
using Xunit;

namespace MLNetExtensions.ModelBuilder.Tests;

public sealed class ModelBuilderProjectTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(0, "zip", ModelBuilderMetric.MicroAccuracy)]
    [InlineData(1, "zip", ModelBuilderMetric.MicroAccuracy)]
    [InlineData(2, "zip", ModelBuilderMetric.MicroAccuracy)]
    [InlineData(3, "zip", ModelBuilderMetric.MacroAccuracy)]
    [InlineData(4, "mlnet", ModelBuilderMetric.MicroAccuracy)]
    [InlineData(5, "mlnet", ModelBuilderMetric.LogLossReduction)]
    public void Every_version_is_read(int version, string extension, ModelBuilderMetric metric)
    {
        ModelBuilderProject project = ProgramTrial.Create(version, _folder.Path);

        Assert.Equal(version, project.Version);
        Assert.Equal("MLModel1", project.Name);
        Assert.Equal(Path.Combine(_folder.Path, "images"), project.ImageFolder);
        Assert.Equal(Path.Combine(project.Folder, $"MLModel1.{extension}"), project.ModelPath);
        Assert.Equal(metric, project.Metric);
        Assert.Equal(version == 3 ? 0 : null, project.Seed);
        Assert.Equal(version == 5 ? TimeSpan.FromMinutes(10) : null, project.TimeLimit);
        Assert.Equal(version == 5 ? Path.Combine(_folder.Path, "validation") : null, project.ValidationFolder);
        Assert.Equal(
            version switch
            {
                4 => 0.3,
                5 => null,
                _ => 0.2,
            },
            project.ValidationFraction
        );
        Assert.Equal("Colors", project.CodeNamespace);
        Assert.False(project.UsesGpu);
        Assert.False(project.Subsampling);
    }

    [Theory]
    [InlineData("\"Version\": 5,", "\"Version\": 6,", "the root has version 6 of type TrainingConfig")]
    [InlineData(
        "\"Version\": 3,\n    \"Type\": \"Result\"",
        "\"Version\": 4,\n    \"Type\": \"Result\"",
        "RunHistory has version 4 of type Result"
    )]
    [InlineData(
        "\"Version\": 1,\n        \"Type\": \"Trial\"",
        "\"Version\": 2,\n        \"Type\": \"Trial\"",
        "RunHistory.Trials[0] has version 2 of type Trial"
    )]
    [InlineData(
        "\"Version\": 0,\n      \"Type\": \"File",
        "\"Version\": 1,\n      \"Type\": \"File",
        "TrainingOption.ValidationOption has version 1"
    )]
    public void A_newer_object_is_refused_by_its_name_and_nothing_is_changed(string old, string newer, string message)
    {
        string path = Write(5, (old, newer));
        byte[] before = File.ReadAllBytes(path);

        Exception e = Assert.Throws<NotSupportedException>(() => ModelBuilderProject.Open(path));

        Assert.Contains(message, e.Message, StringComparison.Ordinal);
        Assert.Equal(before, File.ReadAllBytes(path));
        Assert.Equal([path], Directory.GetFiles(_folder.Path));
    }

    [Theory]
    [InlineData("\"Scenario\": \"ImageClassification\"", "\"Scenario\": \"Regression\"", "Scenario is Regression")]
    [InlineData("\"Type\": \"Folder\"", "\"Type\": \"Vott\"", "the DataSource is of type Vott")]
    [InlineData("FileValidationOption", "CrossValidationValidationOption", "ValidationOption is of type CrossValidationValidationOption")]
    [InlineData("LogLoss-Reduction", "AreaUnderRocCurve", "the metric is AreaUnderRocCurve")]
    public void What_is_not_of_images_in_a_folder_is_refused(string old, string changed, string message)
    {
        string path = Write(5, (old, changed));

        Exception e = Assert.Throws<NotSupportedException>(() => ModelBuilderProject.Open(path));

        Assert.Contains(message, e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "is empty")]
    [InlineData("not json", "is not a Model Builder configuration")]
    [InlineData("{\"Type\": \"Other\", \"Version\": 1}", "its Type is Other")]
    [InlineData("{}", "it has no Version")]
    public void What_is_no_configuration_is_called_so(string text, string message)
    {
        string path = _folder.Add("X.mbconfig", Encoding.UTF8.GetBytes(text));

        Exception e = Assert.Throws<FormatException>(() => ModelBuilderProject.Open(path));

        Assert.Contains(message, e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"SplitRatio\": 0.3", "\"SplitRatio\": 1.5", "SplitRatio is 1.5")]
    [InlineData("\"FolderPath\": \"C:", "\"Folder\": \"C:", "no FolderPath")]
    public void Impossible_values_are_named(string old, string changed, string message)
    {
        string path = Write(4, (old, changed));

        Exception e = Assert.Throws<FormatException>(() => ModelBuilderProject.Open(path));

        Assert.Contains(message, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_file_is_an_error() =>
        Assert.Throws<FileNotFoundException>(() => ModelBuilderProject.Open(Path.Combine(_folder.Path, "X.mbconfig")));

    [Fact]
    public void A_missing_folder_of_images_is_named()
    {
        ModelBuilderProject project = ModelBuilderProject.Open(Write(4, ("Colors\\\\images", "Colors\\\\nowhere")));

        Exception e = Assert.Throws<DirectoryNotFoundException>(() => project.Train());

        Assert.Contains(@"'C:\Users\Someone\source\repos\Colors\nowhere'", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_environment_and_subsampling_are_read()
    {
        ModelBuilderProject project = ModelBuilderProject.Open(
            Write(5, ("LocalCPU", "LocalGPU"), ("\"Subsampling\": false", "\"Subsampling\": true"))
        );

        Assert.True(project.UsesGpu);
        Assert.True(project.Subsampling);
    }

    /// <summary>Writes a configuration with texts replaced.</summary>
    private string Write(int version, params ReadOnlySpan<(string Old, string New)> changes)
    {
        string text = Encoding.UTF8.GetString(ProgramTrial.Config(version)).ReplaceLineEndings("\n");
        foreach ((string old, string changed) in changes)
        {
            Assert.Contains(old, text, StringComparison.Ordinal);
            text = text.Replace(old, changed, StringComparison.Ordinal);
        }
        return _folder.Add("X.mbconfig", Encoding.UTF8.GetBytes(text));
    }
}
