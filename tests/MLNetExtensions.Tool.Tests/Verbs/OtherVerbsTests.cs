using System.Net;
using System.Text.Json.Nodes;
using MLNetExtensions.Tool.Invocation;
using Xunit;

namespace MLNetExtensions.Tool.Tests.Verbs;

/// <summary>backbones, serve, convert, completion, schema.</summary>
public sealed class OtherVerbsTests(TrainedRun trained)
{
    private static string OwnBackbone => Path.Combine(AppContext.BaseDirectory, "pretrained", "cifarnet_cifar10.onnx");

    [Fact]
    public async Task Backbones_at_hand_are_listed_first()
    {
        CommandResult result = await Mlnetx.Succeed("backbones", "list", "--json");

        JsonArray list = JsonNode.Parse(result.Out)!.AsArray();
        int own = list.ToList().FindIndex(node => (string?)node!["name"] == "cifarnet_cifar10"),
            other = list.ToList().FindIndex(node => (string?)node!["name"] == "vgg19-7");
        Assert.True(own >= 0 && own < other);
        Assert.True((bool)list[own]!["whole"]!);
    }

    [Theory]
    [InlineData("cifarnet_cifar10", "license: MIT")]
    [InlineData("resnet50-v1-12", "'mlnetx backbones get resnet50-v1-12' fetches it")]
    public async Task Show_says_what_is_known(string name, string expected)
    {
        CommandResult result = await Mlnetx.Succeed("backbones", "show", name);

        Assert.Contains(expected, result.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Verify_compares_with_the_catalog()
    {
        CommandResult result = await Mlnetx.Succeed("backbones", "verify", "cifarnet_cifar10");

        Assert.Contains("cifarnet_cifar10: as in the catalog", result.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Add_refuses_what_cannot_be_trained_from()
    {
        CommandResult result = await Mlnetx.Run("backbones", "add", Path.Combine(trained.Photos, "red", "000.png"));

        Assert.Equal(2, result.ExitCode);
        Assert.Contains("is no backbone", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Get_names_what_there_is()
    {
        CommandResult unknown = await Mlnetx.Run("backbones", "get", "resnet51-v1-12"),
            unpublished = await Mlnetx.Run("backbones", "get", "cifarnet_cifar10");

        Assert.Equal(2, unknown.ExitCode);
        Assert.Contains("Did you mean resnet50-v1-12?", unknown.Error, StringComparison.Ordinal);
        Assert.Equal(2, unpublished.ExitCode);
        Assert.Contains("is not published for download", unpublished.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Serve_answers_images_until_it_is_canceled()
    {
        using var stop = new CancellationTokenSource();
        using var output = new StringWriter();
        using TextWriter shared = TextWriter.Synchronized(output);
        Task<int> serving = Task.Run(() =>
            CommandLine.RunAsync(
                ["serve", "--model", trained.Folder, "--port", "0", "--host", "127.0.0.1"],
                new Terminal(shared, shared),
                stop.Token
            )
        );
        string address = await AddressOf(output, serving);

        using var client = new HttpClient();
        using HttpResponseMessage answer = await client.PostAsync(
            address + "/predict",
            new ByteArrayContent(File.ReadAllBytes(Path.Combine(trained.Photos, "red", "001.png")))
        );
        using HttpResponseMessage refusal = await client.PostAsync(address + "/predict", new ByteArrayContent([1, 2, 3]));
        using HttpResponseMessage health = await client.GetAsync(address + "/health");
        await stop.CancelAsync();

        JsonNode prediction = JsonNode.Parse(await answer.Content.ReadAsStringAsync())!;
        Assert.Equal("red", (string?)prediction["label"]);
        Assert.Equal(3, prediction["top"]!.AsArray().Count);
        Assert.Equal(HttpStatusCode.BadRequest, refusal.StatusCode);
        Assert.Equal("Healthy", await health.Content.ReadAsStringAsync());
        Assert.Equal(0, await serving);
    }

    [Fact]
    public async Task A_Model_Builder_project_becomes_settings()
    {
        using var photos = new ColorFolders(1);
        string project = AddProject(photos);

        await Mlnetx.Succeed("convert", project);

        string settings = File.ReadAllText(Path.ChangeExtension(project, ".yaml"));
        Assert.Contains($"data: {photos.Path}", settings, StringComparison.Ordinal);
        Assert.Contains("validation-fraction: 0.25", settings, StringComparison.Ordinal);
        Assert.Contains("time: 600s", settings, StringComparison.Ordinal);
        Assert.Equal(2, (await Mlnetx.Run("convert", project)).ExitCode);
    }

    [Fact]
    public async Task A_Model_Builder_project_is_trained()
    {
        using var photos = new ColorFolders(6);
        string project = AddProject(photos);

        CommandResult result = await Mlnetx.Succeed("convert", project, "--train", "--backbone", "cifarnet_cifar10");

        Assert.Contains("backbone cifarnet_cifar10", result.Out, StringComparison.Ordinal);
        Assert.All(
            new[] { ".mlnet", ".training.cs", ".consumption.cs" },
            extension => Assert.True(new FileInfo(Path.ChangeExtension(project, extension)).Length > 0, extension)
        );
        JsonNode trial = JsonNode.Parse(File.ReadAllText(project))!["RunHistory"]!["Trials"]![0]!;
        Assert.InRange((double)trial["Score"]!, 0, 1);
    }

    [Theory]
    [InlineData("bash", "complete -o default -F _mlnetx mlnetx")]
    [InlineData("zsh", "compdef _mlnetx mlnetx")]
    [InlineData("pwsh", "Register-ArgumentCompleter")]
    public async Task Completion_is_a_script_for_the_shell(string shell, string expected)
    {
        CommandResult result = await Mlnetx.Succeed("completion", shell);

        Assert.Contains(expected, result.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Suggestions_are_commands_and_options()
    {
        CommandResult verbs = await Mlnetx.Succeed("[suggest:9]", "mlnetx ex"),
            options = await Mlnetx.Succeed("[suggest:20]", "mlnetx train --batch");

        Assert.Contains("export", verbs.Out, StringComparison.Ordinal);
        Assert.Contains("--batch-size", options.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_schema_has_every_setting()
    {
        CommandResult result = await Mlnetx.Succeed("schema");

        JsonObject properties = JsonNode.Parse(result.Out)!["properties"]!.AsObject();
        Assert.Equal(Tool.Settings.TrainSettings.All.Select(s => s.Name), properties.Select(p => p.Key));
    }

    [Fact]
    public void The_backbone_of_the_repository_comes_with_the_tool() => Assert.True(File.Exists(OwnBackbone));

    private static async Task<string> AddressOf(StringWriter output, Task serving)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        while (true)
        {
            if (serving.IsCompleted)
                await serving;
            string text = output.ToString();
            int start = text.IndexOf("http://", StringComparison.Ordinal);
            if (start >= 0 && text.IndexOf("/predict", start, StringComparison.Ordinal) is int end and > 0)
                return text[start..end];
            await Task.Delay(50, patience.Token);
        }
    }

    private static string AddProject(ColorFolders photos) =>
        photos.AddFile(
            "../" + Path.GetFileName(photos.Path) + "-work/Colors.mbconfig",
            System.Text.Encoding.UTF8.GetBytes(
                $$"""
                {
                  "Scenario": "ImageClassification",
                  "DataSource": {"Type": "Folder", "Version": 1, "FolderPath": {{JsonValue.Create(photos.Path).ToJsonString()}}},
                  "Environment": {"Type": "LocalCPU", "Version": 1},
                  "Type": "TrainingConfig",
                  "Version": 5,
                  "TrainingOption": {
                    "Version": 2,
                    "Type": "ClassificationTrainingOption",
                    "TrainingTime": 600,
                    "ValidationOption": {"Version": 0, "Type": "TrainValidateSplitValidationOption", "SplitRatio": 0.25}
                  }
                }
                """
            )
        );
}
