using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.ML;
using MLNetExtensions.Tool.Backbones;
using Xunit;

namespace MLNetExtensions.Tool.Tests.Training;

public sealed class TrainTests
{
    [Fact]
    public async Task A_folder_is_all_that_train_needs()
    {
        using var photos = new ColorFolders(12);

        CommandResult result = await Mlnetx.Succeed(
            "train",
            photos.Path,
            "--runs",
            photos.At("runs"),
            "--backbone",
            BackboneStore.Best().Name
        );

        string run = Path.Combine(photos.At("runs"), "train1");
        Assert.EndsWith(run, result.LastLine, StringComparison.Ordinal);
        foreach (
            string file in new[]
            {
                "config.yaml",
                "status.json",
                "log.txt",
                "epochs.csv",
                "metrics.json",
                "test.csv",
                "model.zip",
                "model.onnx",
                "report.html",
            }
        )
            Assert.True(new FileInfo(Path.Combine(run, file)).Length > 0, file);
        Assert.True(File.Exists(Path.Combine(run, "checkpoints", "last.ckpt")));
        Assert.True(File.Exists(Path.Combine(run, "checkpoints", "best.ckpt")));
        Assert.NotEmpty(Directory.GetFiles(Path.Combine(run, "tensorboard")));
        JsonNode status = JsonNode.Parse(File.ReadAllText(Path.Combine(run, "status.json")))!;
        Assert.Equal("completed", (string?)status["state"]);
        Assert.Equal(0, (int?)status["exitCode"]);
        Assert.True(BackboneStore.Best().Entry!.Preprocessing.Width >= 128, "a network that knows photos comes with the tool");
        Assert.True((double?)status["testAccuracy"] > 0.9, result.Out);
    }

    [Fact]
    public async Task The_saved_model_is_an_ordinary_one_of_MLNET()
    {
        using var photos = new ColorFolders(8);
        await Mlnetx.Succeed("train", photos.Path, "--runs", photos.At("runs"), "--epochs", "5");

        var ml = new MLContext();
        ITransformer model = ml.Model.Load(Path.Combine(photos.At("runs"), "train1", "model.zip"), out DataViewSchema schema);

        Assert.Contains("ImagePath", schema.Select(column => column.Name));
        Assert.Contains("PredictedLabel", model.GetOutputSchema(schema).Select(column => column.Name));
        (model as IDisposable)?.Dispose();
    }

    [Fact]
    public async Task A_later_run_has_the_next_number_and_the_first_is_untouched()
    {
        using var photos = new ColorFolders(8);
        string runs = photos.At("runs");
        await Mlnetx.Succeed("train", photos.Path, "--runs", runs, "--epochs", "3");
        byte[] first = File.ReadAllBytes(Path.Combine(runs, "train1", "model.onnx"));

        CommandResult second = await Mlnetx.Succeed("train", photos.Path, "--runs", runs, "--epochs", "4");

        Assert.EndsWith("train2", second.LastLine, StringComparison.Ordinal);
        Assert.Equal(first, File.ReadAllBytes(Path.Combine(runs, "train1", "model.onnx")));
    }

    [Fact]
    public async Task A_configuration_file_is_equal_to_flags()
    {
        using var photos = new ColorFolders(8);
        string config = photos.AddFile(
            "train.yaml",
            "backbone: cifarnet_cifar10\nepochs: 7\nbatch-size: 4\noptimizer: sgd,momentum=0.5\nlayers: head\n"u8
        );
        File.Move(config, config = photos.Path + ".yaml");

        CommandResult byFile = await Mlnetx.Succeed("train", photos.Path, "--config", config, "--dry-run"),
            byFlags =
                await Mlnetx.Succeed([
                    "train",
                    photos.Path,
                    "--epochs",
                    "7",
                    "--batch-size",
                    "4",
                    "--optimizer",
                    "sgd,momentum=0.5",
                    "--layers",
                    "head",
                    "--dry-run",
                ]);
        File.Delete(config);

        Assert.Contains("optimizer: sgd,momentum=0.5", byFile.Out, StringComparison.Ordinal);
        Assert.Equal(byFlags.Out, byFile.Out);
    }

    [Fact]
    public async Task Flags_come_before_the_configuration_file()
    {
        using var photos = new ColorFolders(1);
        string config = photos.AddFile("train.yaml", "epochs: 7\n"u8);

        CommandResult result = await Mlnetx.Succeed("train", photos.Path, "--config", config, "--epochs", "9", "--dry-run");

        Assert.Contains("epochs: 9", result.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_run_keeps_the_settings_that_repeat_it()
    {
        using var photos = new ColorFolders(8);
        await Mlnetx.Succeed("train", photos.Path, "--runs", photos.At("runs"), "--epochs", "6", "--label-smoothing", "0.05");
        string config = Path.Combine(photos.At("runs"), "train1", "config.yaml");

        CommandResult again = await Mlnetx.Succeed("train", "--config", config);

        Assert.EndsWith("train2", again.LastLine, StringComparison.Ordinal);
        Assert.Equal(
            File.ReadAllBytes(Path.Combine(photos.At("runs"), "train1", "epochs.csv")).Length > 0,
            File.ReadAllBytes(Path.Combine(photos.At("runs"), "train2", "epochs.csv")).Length > 0
        );
        Assert.Equal(File.ReadAllText(config), File.ReadAllText(Path.Combine(photos.At("runs"), "train2", "config.yaml")));
        Assert.Equal(Losses(photos.At("runs"), "train1"), Losses(photos.At("runs"), "train2"));
    }

    [Fact]
    public async Task Json_is_an_object_a_line()
    {
        using var photos = new ColorFolders(8);

        CommandResult result = await Mlnetx.Succeed("train", photos.Path, "--runs", photos.At("runs"), "--epochs", "3", "--json");

        List<string?> events = [];
        foreach (string line in result.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries))
            events.Add((string?)JsonNode.Parse(line)!["event"]);
        Assert.Equal("begin", events[0]);
        Assert.Equal("end", events[^1]);
        Assert.Equal(3, events.Count(e => e == "epoch"));
        Assert.Contains("progress", events);
    }

    [Fact]
    public async Task A_folder_of_parts_is_used_as_it_is()
    {
        using var photos = new ColorFolders(8, "train/");
        photos.Add(3, "val/", seed: 100);
        photos.Add(4, "test/", seed: 200);

        await Mlnetx.Succeed("train", photos.Path, "--runs", photos.At("runs"), "--epochs", "3");

        JsonNode status = JsonNode.Parse(File.ReadAllText(Path.Combine(photos.At("runs"), "train1", "status.json")))!;
        Assert.Equal(24, (int?)status["trainingImages"]);
        Assert.Equal(9, (int?)status["validationImages"]);
        Assert.Equal(12, (int?)status["testImages"]);
    }

    [Fact]
    public async Task Layers_of_the_backbone_are_trained_with_images_held_out()
    {
        using var photos = new ColorFolders(10);

        await Mlnetx.Succeed("train", photos.Path, "--runs", photos.At("runs"), "--layers", "1", "--epochs", "2", "--freeze-epochs", "5");

        string run = Path.Combine(photos.At("runs"), "train1");
        Assert.Contains("Backbone,2,", File.ReadAllText(Path.Combine(run, "epochs.csv")), StringComparison.Ordinal);
        Assert.Contains("validation-fraction: 0.1", File.ReadAllText(Path.Combine(run, "config.yaml")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_time_limit_ends_the_run_with_the_best_model()
    {
        using var photos = new ColorFolders(10);

        CommandResult result = await Mlnetx.Succeed([
            "train",
            photos.Path,
            "--runs",
            photos.At("runs"),
            "--layers",
            "all",
            "--freeze-epochs",
            "2",
            "--epochs",
            "3000",
            "--time",
            "2s",
        ]);

        Assert.Contains("time limit of 0:02", result.Out, StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(photos.At("runs"), "train1", "model.zip")));
    }

    [Fact]
    public async Task Cancellation_keeps_the_best_model_and_resume_goes_on_with_the_run()
    {
        using var photos = new ColorFolders(10);
        string runs = photos.At("runs");
        using var canceled = new CancellationTokenSource();
        Task<CommandResult> running = Mlnetx.Run(
            canceled.Token,
            ["train", photos.Path, "--runs", runs, "--layers", "all", "--freeze-epochs", "2", "--epochs", "3000"]
        );
        await WaitForEpochs(Path.Combine(runs, "train1"));
        await canceled.CancelAsync();

        CommandResult result = await running;

        Assert.Equal(130, result.ExitCode);
        Assert.Contains("Canceled", result.Out, StringComparison.Ordinal);
        string run = Path.Combine(runs, "train1");
        Assert.True(File.Exists(Path.Combine(run, "model.zip")));
        Assert.Equal("canceled", (string?)JsonNode.Parse(File.ReadAllText(Path.Combine(run, "status.json")))!["state"]);
        int before = File.ReadAllLines(Path.Combine(run, "epochs.csv")).Length;

        CommandResult resumed = await Mlnetx.Succeed("train", "--resume", "--runs", runs, "--time", "1s");

        Assert.EndsWith("train1", resumed.LastLine, StringComparison.Ordinal);
        Assert.True(File.ReadAllLines(Path.Combine(run, "epochs.csv")).Length > before / 2);
        Assert.Contains("resumed from ", File.ReadAllText(Path.Combine(run, "log.txt")), StringComparison.Ordinal);
    }

    private static async Task WaitForEpochs(string run)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        while (!File.Exists(Path.Combine(run, "checkpoints", "last.ckpt")))
            await Task.Delay(50, patience.Token);
    }

    /// <summary>Phase, epoch and losses of a run; not the times.</summary>
    private static string[] Losses(string runs, string run) =>
        [.. File.ReadAllLines(Path.Combine(runs, run, "epochs.csv")).Select(line => string.Join(',', line.Split(',').Take(5)))];
}
