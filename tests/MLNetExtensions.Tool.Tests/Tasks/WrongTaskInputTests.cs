using Xunit;

namespace MLNetExtensions.Tool.Tests.Tasks;

/// <summary>Wrong options and data of detection and segmentation: one line, exit code 2, no folder.</summary>
public sealed class WrongTaskInputTests(TrainedRun classifier) : IDisposable
{
    private readonly SceneFolders _scenes = new(4);

    public void Dispose() => _scenes.Dispose();

    [Theory]
    [InlineData("detect", "--layers is of no use here: it is for --task classify, and the task is detect.", "--layers", "all")]
    [InlineData("detect", "--dice-weight is of no use here: it is for --task segment, and the task is detect.", "--dice-weight", "1")]
    [InlineData("classify", "--decoder is of no use here: it is for --task segment, and the task is classify.", "--decoder", "unet")]
    [InlineData("segment", "--format is 'yolo', which has no masks.", "--format", "yolo")]
    [InlineData("detect", "--format is 'coca'; it must be one of coco, pascal-voc, yolo, vott, masks.", "--format", "coca")]
    [InlineData("paint", "--task is 'paint'; it must be one of classify, detect, segment.")]
    [InlineData("detect", "a multiple of 32", "--image-width", "100")]
    [InlineData("detect", "in the format yolo", "--format", "yolo")]
    [InlineData("detect", "--mixing is 'mosaik'; it must be mosaic, or another", "--mixing", "mosaik")]
    [InlineData("detect", "it must be such that probability is a number.", "--mixing", "copy-paste+mosaic,probability=high")]
    [InlineData("segment", "--classes is ',', which is no file and has an empty name", "--classes", ",")]
    [InlineData("segment", "Classes names the class 'circle' twice", "--classes", "background,circle,circle,x")]
    public async Task Wrong_options_are_one_line(string task, string expected, params string[] options) =>
        AssertUsage(
            await Mlnetx.Run(["train", _scenes.Path, "--task", task, "--runs", _scenes.Runs, "--backbone", _scenes.Backbone, .. options]),
            expected
        );

    [Fact]
    public async Task Masks_without_names_of_classes_say_what_to_do()
    {
        File.Delete(_scenes.ClassList);

        AssertUsage(await Mlnetx.Run(_scenes.Train("segment", _scenes.Path)), "--classes background,road,car");
    }

    [Fact]
    public async Task A_wrong_box_names_image_and_box()
    {
        File.WriteAllText(_scenes.Coco, File.ReadAllText(_scenes.Coco).Replace("\"bbox\":[", "\"bbox\":[900,"));

        CommandResult result = await Mlnetx.Run(_scenes.Train("detect", _scenes.Coco));

        AssertUsage(result, "annotation 1");
    }

    [Fact]
    public async Task A_backbone_without_the_strides_is_one_line()
    {
        CommandResult result = await Mlnetx.Run([
            .. _scenes.Train("detect", _scenes.Coco).Select(argument => argument == _scenes.Backbone ? "cifarnet_cifar10" : argument),
        ]);

        Assert.NotEqual(0, result.ExitCode);
        Assert.Contains("stride", result.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--draw", "out", "--draw is of no use here: it is for models of the task detect or segment, and this one's is classify.")]
    [InlineData("--min-score", "0.5", "--min-score is of no use here")]
    public async Task Options_of_other_models_are_refused_by_predict(string option, string value, string expected) =>
        AssertUsage(await Mlnetx.Run("predict", classifier.Photos, "--model", classifier.Folder, option, value), expected);

    private void AssertUsage(CommandResult result, string expected)
    {
        Assert.Contains(expected, result.Error, StringComparison.Ordinal);
        Assert.Equal(2, result.ExitCode);
        Assert.Single(result.Error.TrimEnd().Split('\n'));
        Assert.False(Directory.Exists(_scenes.Runs));
    }
}
