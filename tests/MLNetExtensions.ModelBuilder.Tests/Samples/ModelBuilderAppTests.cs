using System.Diagnostics;
using System.Net.Http.Json;
using System.Reflection;
using MLNetExtensions.ModelBuilder.Code;
using MLNetExtensions.ModelBuilder.Programs;
using MLNetExtensions.TestData;
using MLNetExtensions.Trainers.FineTune;
using Xunit;

namespace MLNetExtensions.ModelBuilder.Tests.Samples;

public sealed class ModelBuilderAppTests
{
    private static readonly string Folder = Path.Combine(SharedData.RepositoryRoot, "samples", "ModelBuilderApp");

    [Fact]
    public async Task The_sample_trains_classifies_and_answers_an_upload()
    {
        string configuration =
            typeof(ModelBuilderAppTests).Assembly.GetCustomAttribute<AssemblyConfigurationAttribute>()?.Configuration ?? "Debug";
        string program = Path.Combine(Folder, "bin", configuration, "net10.0", "ModelBuilderApp.dll");
        var start = new ProcessStartInfo("dotnet", [program, "--serve", "--urls", "http://127.0.0.1:0"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using Process process = Process.Start(start)!;
        try
        {
            using var client = new HttpClient { BaseAddress = await WebProgram.AddressOf(process) };
            using var folder = new TemporaryFolder();
            using var form = new MultipartFormDataContent
            {
                { new ByteArrayContent(File.ReadAllBytes(ColorFolders.Draw(folder.Path, perClass: 1)[0])), "image", "image.png" },
            };

            using HttpResponseMessage response = await client.PostAsync("/predict", form);

            var scores = await response.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<Dictionary<string, float>>();
            Assert.Equal(["circle", "square", "star", "triangle"], scores!.Keys.Order(StringComparer.Ordinal));
            Assert.Equal(1, scores.Values.Sum(), 1e-4f);
        }
        finally
        {
            process.Kill();
        }
        string output = Path.GetDirectoryName(program)!;
        Assert.True(ModelBuilderProject.Open(Path.Combine(output, "Shapes.mbconfig")).Version == 5);
        Assert.Contains(
            "\"ModelFilePath\": \"Shapes.mlnet\"",
            File.ReadAllText(Path.Combine(output, "Shapes.mbconfig")),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Its_generated_code_is_what_is_generated_now()
    {
        var values = new CodeValues
        {
            Version = 5,
            Name = "Shapes",
            Namespace = "ModelBuilderApp",
            ModelFile = "Shapes.mlnet",
            BackboneFile = "Shapes.backbone.onnx",
            Layers = FineTuneLayers.Head,
            BalanceClasses = false,
        };

        Same("Shapes.consumption.cs", GeneratedCode.Consumption(values));
        Same("Shapes.training.cs", GeneratedCode.Training(values));

        static void Same(string file, string expected)
        {
            string path = Path.Combine(Folder, file);
            if (Environment.GetEnvironmentVariable("MLNETX_WRITE_SAMPLES") == "1")
                File.WriteAllText(path, expected);
            Assert.Equal(expected.ReplaceLineEndings("\n"), File.ReadAllText(path).ReplaceLineEndings("\n"));
        }
    }
}
