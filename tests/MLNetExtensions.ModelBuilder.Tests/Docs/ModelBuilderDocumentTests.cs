using MLNetExtensions.ModelBuilder;
using MLNetExtensions.ModelBuilder.Programs;
using MLNetExtensions.TestData;
using Xunit;

namespace MLNetExtensions.ModelBuilder.Tests.Docs;

/// <summary>The C# block of docs/modelbuilder.md. Alone: its paths are relative.</summary>
[Collection(Alone.Name)]
public sealed class ModelBuilderDocumentTests : IDisposable
{
    private readonly string _working = Environment.CurrentDirectory;
    private readonly TemporaryFolder _folder = new();

    public void Dispose()
    {
        Environment.CurrentDirectory = _working;
        _folder.Dispose();
    }

    [Fact]
    public void The_block_runs_as_it_stands()
    {
        Environment.CurrentDirectory = ProgramTrial.Create(4, _folder.Path).Folder;
        File.Copy(Path.Combine(SharedData.RepositoryRoot, "pretrained", "cifarnet_cifar10.onnx"), "mobilenetv2.onnx");

        ModelBuilderProject project = ModelBuilderProject.Open("MLModel1.mbconfig");
        using ModelBuilderResult result = project.Train(options: new ModelBuilderTrainOptions { BackboneFile = "mobilenetv2.onnx" });
        Console.WriteLine($"{result.Metric}: {result.Score:F3}");

        string block = File.ReadAllText(Path.Combine(SharedData.RepositoryRoot, "docs", "modelbuilder.md"))
            .Split("```csharp\n")[1]
            .Split("```")[0];
        string here = File.ReadAllText(
            Path.Combine(SharedData.RepositoryRoot, "tests", "MLNetExtensions.ModelBuilder.Tests", "Docs", "ModelBuilderDocumentTests.cs")
        );
        foreach (
            string line in block
                .Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Where(l => !l.StartsWith("using ML", StringComparison.Ordinal))
        )
            Assert.Contains(line, here, StringComparison.Ordinal);
        Assert.True(File.Exists(project.ModelPath));
    }
}
