using System.Text.Json.Nodes;
using Xunit;

namespace MLNetExtensions.Tool.Tests.Verbs;

public sealed class PredictTests(TrainedRun trained)
{
    [Theory]
    [InlineData("model.zip")]
    [InlineData("model.onnx")]
    [InlineData("")]
    public async Task Files_are_predicted_by_a_run_or_its_models(string model)
    {
        string photo = Path.Combine(trained.Photos, "red", "000.png");

        CommandResult result = await Mlnetx.Succeed("predict", photo, "--model", Path.Combine(trained.Folder, model));

        string[] lines = result.Out.TrimEnd().Split('\n');
        Assert.Equal("path,label,score,problem", lines[0]);
        Assert.StartsWith($"{photo},red,0.", lines[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_newest_run_is_the_default()
    {
        CommandResult result = await Mlnetx.Succeed("predict", trained.Photos, "--runs", trained.Runs);

        Assert.Equal(37, result.Out.TrimEnd().Split('\n').Length);
    }

    [Fact]
    public async Task Folders_are_predicted_in_the_order_of_their_paths_with_the_most_probable_classes()
    {
        CommandResult result = await Mlnetx.Succeed("predict", trained.Photos, "--model", trained.Folder, "--top-k", "2", "--json");

        JsonArray list = JsonNode.Parse(result.Out)!.AsArray();
        Assert.Equal(
            list.Select(node => (string)node!["path"]!).Order(StringComparer.Ordinal),
            list.Select(node => (string)node!["path"]!)
        );
        Assert.All(list, node => Assert.Equal(2, node!["top"]!.AsArray().Count));
    }

    [Theory]
    [InlineData("predictions.csv")]
    [InlineData("predictions.json")]
    [InlineData("predictions.jsonl")]
    public async Task Predictions_go_to_a_file_that_is_not_replaced_without_force(string name)
    {
        string file = trained.At($"{Guid.NewGuid():N}/{name}");
        string[] command = ["predict", Path.Combine(trained.Photos, "blue"), "--model", trained.Folder, "--output", file];

        await Mlnetx.Succeed(command);
        long length = new FileInfo(file).Length;
        CommandResult again = await Mlnetx.Run(command);
        await Mlnetx.Succeed([.. command, "--force"]);

        Assert.Equal(2, again.ExitCode);
        Assert.Contains("--force replaces it", again.Error, StringComparison.Ordinal);
        Assert.Equal(length, new FileInfo(file).Length);
    }

    [Fact]
    public async Task Images_are_copied_into_folders_of_their_classes()
    {
        using var photos = new ColorFolders(3);
        photos.AddFile("red/again/000.png", ColorFolders.Draw(2, 2000));
        string sorted = photos.At("sorted");

        await Mlnetx.Succeed("predict", photos.Path, "--model", trained.Folder, "--copy-to", sorted);

        Assert.Equal(10, Directory.GetFiles(sorted, "*.png", SearchOption.AllDirectories).Length);
        Assert.True(File.Exists(Path.Combine(sorted, "red", "000-2.png")));
    }

    [Fact]
    public async Task An_unreadable_image_is_named_and_makes_exit_code_1()
    {
        using var photos = new ColorFolders(1);
        string broken = photos.AddFile("red/broken.png", "no image"u8);

        CommandResult result = await Mlnetx.Run("predict", photos.Path, "--model", trained.Folder);

        Assert.Equal(1, result.ExitCode);
        Assert.Contains($"{broken},,,", result.Out, StringComparison.Ordinal);
        Assert.Contains("1 of 4 images cannot be read.", result.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("There is no file or folder", "predict", "no-such.png")]
    [InlineData("--top-k is '0'; it must be a whole number from 1 to 1000", "predict", ".", "--top-k", "0")]
    [InlineData("Required argument missing", "predict")]
    public async Task Wrong_input_is_one_line(string expected, params string[] arguments)
    {
        CommandResult result = await Mlnetx.Run([.. arguments, "--model", trained.Folder]);

        Assert.Equal(2, result.ExitCode);
        Assert.Contains(expected, result.Error, StringComparison.Ordinal);
        Assert.Single(result.Error.TrimEnd().Split('\n'));
    }

    [Fact]
    public async Task A_model_that_is_none_is_one_line()
    {
        using var photos = new ColorFolders(1);
        string file = photos.AddFile("model.zip", "nothing"u8);

        CommandResult result = await Mlnetx.Run("predict", photos.Path, "--model", file);

        Assert.Equal(2, result.ExitCode);
        Assert.Contains("cannot be used", result.Error, StringComparison.Ordinal);
    }
}
