using System.Text.Json.Nodes;
using Microsoft.ML;
using MLNetExtensions.TestData;
using Xunit;

namespace MLNetExtensions.Tool.Tests.Verbs;

/// <summary>The verbs after training: evaluate, report, export, quantize, runs, rerun.</summary>
public sealed class LaterVerbsTests(TrainedRun trained)
{
    [Fact]
    public async Task Evaluate_measures_what_train_measured()
    {
        CommandResult result = await Mlnetx.Succeed("evaluate", "--model", trained.Folder, "--json");

        JsonNode measured = JsonNode.Parse(result.Out)!,
            written = JsonNode.Parse(File.ReadAllText(Path.Combine(trained.Folder, "metrics.json")))!;
        Assert.Equal((int?)written["images"], (int?)measured["images"]);
        Assert.Equal((double)written["logLoss"]!, (double)measured["logLoss"]!, 1e-4);
    }

    [Fact]
    public async Task Evaluate_takes_any_labeled_folder()
    {
        CommandResult result = await Mlnetx.Succeed("evaluate", trained.Photos, "--model", trained.Folder);

        Assert.Contains("precision", result.Out, StringComparison.Ordinal);
        Assert.Contains("36", result.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Evaluate_names_a_class_that_the_model_does_not_know()
    {
        using var photos = new ColorFolders(1);
        photos.AddFile("violet/1.png", ColorFolders.Draw(0, 1));

        CommandResult result = await Mlnetx.Run("evaluate", photos.Path, "--model", trained.Folder);

        Assert.Equal(2, result.ExitCode);
        Assert.Contains(
            "'violet', which the model does not know. Its classes are blue, green, red.",
            result.Error,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Report_writes_a_page()
    {
        string file = trained.At("again.html");

        await Mlnetx.Succeed("report", "--model", trained.Folder, "--output", file);

        Assert.Contains("<html", File.ReadAllText(file), StringComparison.Ordinal);
        Assert.Equal(2, (await Mlnetx.Run("report", "--model", trained.Folder)).ExitCode);
    }

    [Theory]
    [InlineData("onnx")]
    [InlineData("fp16")]
    [InlineData("int8")]
    public async Task An_exported_network_predicts_as_the_model(string format)
    {
        string file = trained.At($"exported-{format}.onnx"),
            photo = Path.Combine(trained.Photos, "green", "003.png");

        await Mlnetx.Succeed("export", "--format", format, "--model", trained.Folder, "--output", file);
        CommandResult result = await Mlnetx.Succeed("predict", photo, "--model", file);

        Assert.Contains(",green,", result.Out, StringComparison.Ordinal);
        if (format != "onnx")
            Assert.True(new FileInfo(file).Length < 0.7 * new FileInfo(Path.Combine(trained.Folder, "model.onnx")).Length);
    }

    [Fact]
    public async Task The_format_follows_from_the_outputs_extension()
    {
        string file = trained.At("exported.mlnet");

        await Mlnetx.Succeed("export", "--model", trained.Folder, "--output", file);

        (new MLContext().Model.Load(file, out _) as IDisposable)?.Dispose();
    }

    [Fact]
    public async Task Export_names_the_formats()
    {
        CommandResult result = await Mlnetx.Run("export", "--model", trained.Folder, "--format", "pt");

        Assert.Equal(2, result.ExitCode);
        Assert.Contains("'pt'; it must be one of onnx, zip, mlnet, int8, fp16", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Quantize_says_what_it_cost()
    {
        CommandResult result = await Mlnetx.Succeed("quantize", "--model", trained.Folder, "--output", trained.At("small.onnx"));

        Assert.Contains("Quantized: ", result.Out, StringComparison.Ordinal);
        Assert.Contains("accuracy", result.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_pruned_network_still_tells_the_classes()
    {
        string file = trained.At("pruned.onnx"),
            photo = Path.Combine(trained.Photos, "blue", "002.png");

        CommandResult result = await Mlnetx.Succeed("prune", "--model", trained.Folder, "--output", file, "--epochs", "8", "--keep", "0.6");
        CommandResult prediction = await Mlnetx.Succeed("predict", photo, "--model", file);

        Assert.Contains("Pruned: ", result.Out, StringComparison.Ordinal);
        Assert.Contains(",blue,", prediction.Out, StringComparison.Ordinal);
        Assert.True(new FileInfo(file).Length < new FileInfo(Path.Combine(trained.Folder, "model.onnx")).Length);
    }

    [Fact]
    public async Task Runs_are_listed_with_their_state_and_accuracy()
    {
        CommandResult table = await Mlnetx.Succeed("runs", "list", "--runs", trained.Runs),
            json = await Mlnetx.Succeed("runs", "list", "--runs", trained.Runs, "--json");

        Assert.Contains("train1", table.Out, StringComparison.Ordinal);
        Assert.Contains("completed", table.Out, StringComparison.Ordinal);
        Assert.Equal("train1", (string?)JsonNode.Parse(json.Out)![0]!["name"]);
    }

    [Fact]
    public async Task A_run_whose_process_is_gone_is_broken_off_and_resumes()
    {
        using var photos = new ColorFolders(6);
        string runs = photos.At("runs"),
            status = Path.Combine(runs, "train1", "status.json");
        await Mlnetx.Succeed("train", photos.Path, "--runs", runs, "--epochs", "4");
        File.WriteAllText(status, File.ReadAllText(status).Replace("\"completed\"", "\"running\"", StringComparison.Ordinal));
        File.Delete(Path.Combine(runs, "train1", "model.zip"));

        CommandResult list = await Mlnetx.Succeed("runs", "list", "--runs", runs),
            resumed = await Mlnetx.Succeed("train", "--resume", "--runs", runs);

        Assert.Contains("broken off", list.Out, StringComparison.Ordinal);
        Assert.EndsWith("train1", resumed.LastLine, StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(runs, "train1", "model.zip")));
    }

    [Fact]
    public async Task A_rerun_has_the_settings_but_those_given_and_compare_shows_the_difference()
    {
        using var photos = new ColorFolders(8);
        string runs = photos.At("runs");
        await Mlnetx.Succeed("train", photos.Path, "--runs", runs, "--epochs", "4");

        CommandResult rerun = await Mlnetx.Succeed("rerun", "train1", "--runs", runs, "--epochs", "5"),
            compared = await Mlnetx.Succeed("runs", "compare", "--runs", runs);

        Assert.EndsWith("train2", rerun.LastLine, StringComparison.Ordinal);
        string line = Assert.Single(compared.Out.Split('\n'), line => line.TrimStart().StartsWith("epochs", StringComparison.Ordinal));
        Assert.Equal(["epochs", "4", "5"], line.Split([' ', '│'], StringSplitOptions.RemoveEmptyEntries));
        Assert.DoesNotContain("batch-size", compared.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Check_finds_unreadable_images_duplicates_and_images_on_both_sides()
    {
        using var photos = new ColorFolders(6, "train/");
        photos.Add(2, "test/", seed: 50);
        File.Copy(Path.Combine(photos.Path, "train", "red", "000.png"), Path.Combine(photos.Path, "test", "red", "copy.png"));
        photos.AddFile("train/red/broken.jpg", "no image"u8);

        CommandResult result = await Mlnetx.Run("check", photos.Path, "--json"),
            text = await Mlnetx.Run("check", photos.Path);

        JsonNode found = JsonNode.Parse(result.Out)!;
        Assert.Equal(1, result.ExitCode);
        Assert.Equal("broken.jpg", Path.GetFileName((string)found["unreadable"]![0]!["image"]!));
        Assert.Contains(found["duplicates"]!.AsArray(), group => (bool)group!["acrossParts"]!);
        Assert.Contains("fewer than", text.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Check_is_content_with_good_images()
    {
        CommandResult result = await Mlnetx.Succeed("check", trained.Photos);

        Assert.Contains("Ready to train", result.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Check_lists_labels_that_are_probably_wrong()
    {
        using var photos = new ColorFolders(30);
        // A red image among the green ones.
        photos.AddFile("green/wrong.png", ColorFolders.Draw(2, seed: 5000));
        string backbone = Path.Combine(SharedData.RepositoryRoot, "pretrained", "cifarnet_cifar10.onnx");

        CommandResult result = await Mlnetx.Succeed("check", photos.Path, "--model", backbone, "--json"),
            text = await Mlnetx.Succeed("check", photos.Path, "--model", backbone),
            wrongTask = await Mlnetx.Run("check", photos.Path, "--model", backbone, "--task", "detect");

        JsonNode found = Assert.Single(
            JsonNode.Parse(result.Out)!["labelErrors"]!.AsArray(),
            issue => Path.GetFileName((string)issue!["image"]!) == "wrong.png"
        )!;
        Assert.Equal(("green", "red"), ((string)found["given"]!, (string)found["suggested"]!));
        Assert.Contains("probably wrong: ", text.Out, StringComparison.Ordinal);
        Assert.Contains("wrong.png", text.Out, StringComparison.Ordinal);
        Assert.Equal(2, wrongTask.ExitCode);
    }
}
