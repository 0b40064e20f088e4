using Xunit;

namespace MLNetExtensions.Tool.Tests.Invocation;

/// <summary>Every wrong flag, file, folder or configuration: one line that says what was wrong and what is right, and exit code 2.</summary>
public sealed class WrongInputTests
{
    [Theory]
    [InlineData("'trin' is no command of 'mlnetx'. Did you mean train?", "trin")]
    [InlineData("'trian' is no command of 'mlnetx'. Did you mean train?", "trian")]
    [InlineData("'--epoch' is no option of 'mlnetx train'. Did you mean --epochs?", "train", ".", "--epoch", "3")]
    [InlineData("'more' is more than 'mlnetx train' takes.", "train", ".", "more")]
    [InlineData("train needs images: mlnetx train FOLDER", "train")]
    [InlineData("--epochs is 'ten'; it must be a whole number.", "train", ".", "--epochs", "ten")]
    [InlineData("--learning-rate is 'fast'; it must be a number.", "train", ".", "--learning-rate", "fast")]
    [InlineData("--time is 'soon'; it must be a time such as 90s, 10m or 1h30m.", "train", ".", "--time", "soon")]
    [InlineData("--layers is '0'; it must be head, all, or a number of stages.", "train", ".", "--layers", "0")]
    [InlineData("--precision is 'double'; it must be one of auto, float32", "train", ".", "--precision", "double")]
    [InlineData(
        "--backbone is 'resnet18-v1-8', which is neither a file nor a backbone. Did you mean resnet18-v1-7?",
        "train",
        ".",
        "--backbone",
        "resnet18-v1-8"
    )]
    [InlineData("the backbone 'vgg19-7' is not at hand. 'mlnetx backbones get vgg19-7' fetches it.", "train", ".", "--backbone", "vgg19-7")]
    [InlineData("there is nothing at", "train", "no-such-folder")]
    [InlineData("There is no configuration file", "train", ".", "--config", "no-such-file.yaml")]
    [InlineData("'no-such-run' is no run", "train", "--resume", "no-such-run")]
    public async Task Wrong_flags_and_paths_are_one_line(string expected, params string[] arguments) =>
        AssertUsage(await Mlnetx.Run(arguments), expected);

    [Theory]
    [InlineData("--optimizer is 'adamv'; it must be adam, or another", "--optimizer", "adamv")]
    [InlineData("--optimizer is 'sgd,momentum=high'; it must be such that momentum is a number.", "--optimizer", "sgd,momentum=high")]
    [InlineData("--optimizer is 'sgd,moment=1'; it must be with properties of these: ", "--optimizer", "sgd,moment=1")]
    [InlineData("--test-fraction is 1.5; it must be at least 0 and less than 1.", "--test-fraction", "1.5")]
    [InlineData("--image-size is 4; it must be 16 to 2048.", "--image-size", "4")]
    [InlineData("--device is 'tpu'; it must be cpu, gpu, or the number of a GPU", "--device", "tpu")]
    [InlineData("--name is 'a/b'; it must be the beginning of a folder's name.", "--name", "a/b")]
    [InlineData("BatchSize", "--batch-size", "0")]
    public async Task Wrong_settings_are_one_line_and_make_no_folder(string expected, string option, string value)
    {
        using var photos = new ColorFolders(4);

        AssertUsage(await Mlnetx.Run("train", photos.Path, "--runs", photos.At("runs"), option, value), expected);

        Assert.False(Directory.Exists(photos.At("runs")));
    }

    [Theory]
    [InlineData("epoch: 3", "line 1: epoch is no setting. Did you mean epochs?")]
    [InlineData("batch-size: 4\nepochs: many", "line 2: epochs is 'many'; it must be a whole number.")]
    [InlineData("epochs: {a: 1}", "line 1: epochs must be one value")]
    [InlineData("- epochs", "must be one list of keys and values")]
    [InlineData("epochs: [", "it is not YAML")]
    public async Task Wrong_configurations_are_one_line_with_the_place(string content, string expected)
    {
        using var photos = new ColorFolders(1);
        string config = photos.AddFile("train.yaml", System.Text.Encoding.UTF8.GetBytes(content));

        AssertUsage(await Mlnetx.Run("train", photos.Path, "--config", config), expected);
    }

    [Fact]
    public async Task A_folder_without_classes_is_one_line()
    {
        using var photos = new ColorFolders(2);

        AssertUsage(await Mlnetx.Run("train", Path.Combine(photos.Path, "red")), "a folder without sub-folders");
    }

    [Fact]
    public async Task A_backbone_that_is_no_model_is_one_line()
    {
        using var photos = new ColorFolders(4);
        string file = photos.AddFile("broken.onnx", "<!DOCTYPE html>"u8);

        AssertUsage(await Mlnetx.Run("train", photos.Path, "--backbone", file), "cannot be used");
    }

    [Fact]
    public async Task Verbose_shows_the_stack_trace()
    {
        CommandResult result = await Mlnetx.Run("train", "no-such-folder", "--verbose");

        Assert.Equal(2, result.ExitCode);
        Assert.Contains("   at MLNetExtensions", result.Error, StringComparison.Ordinal);
    }

    private static void AssertUsage(CommandResult result, string expected)
    {
        Assert.Equal(2, result.ExitCode);
        Assert.Empty(result.Out);
        Assert.Contains(expected, result.Error, StringComparison.Ordinal);
        Assert.Single(result.Error.TrimEnd().Split('\n'));
    }
}
