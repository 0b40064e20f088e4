using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExtensions.Onnx;
using MLNetExtensions.Onnx.Networks;
using MLNetExtensions.Onnx.Networks.Architectures;
using MLNetExtensions.Tests.Trainers;
using MLNetExtensions.Trainers.TrainNetwork;

namespace MLNetExtensions.TensorFlow.Tests.Docs;

/// <summary>
/// The C# blocks of docs/tensorflow.md, compiled and run; a test of the TorchSharp project compares every block with these files.
/// </summary>
public sealed class DocumentTests : IDisposable
{
    private readonly ColorImages _images = new(30);
    private readonly TemporaryFolder _folder = new();

    public DocumentTests()
    {
        foreach (ColorImages.Row row in _images.Rows)
            _folder.Add(Path.Combine("photos", row.Label, Path.GetFileName(row.Image)), File.ReadAllBytes(row.Image));
    }

    public void Dispose()
    {
        _images.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void The_block_on_training_runs()
    {
        var ml = new MLContext(seed: 1);
        IDataView photos = ml.Data.LoadFromImageFolder(Path.Combine(_folder.Path, "photos"));

        var runtime = TensorFlowRuntime.Create(); // finds and loads the library, once a process
        Console.WriteLine(runtime.Describe()); // version, file, devices, built for GPUs or not

        var pipeline = ml
            .Transforms.Conversion.MapValueToKey("Label")
            .Append(
                ml.MulticlassClassification.Trainers.TrainNetwork(
                    new TrainNetworkOptions
                    {
                        Network = new ResNet9 { Width = 16 },
                        ImageColumnName = "ImagePath",
                        Epochs = 20,
                        Runtime = runtime,
                    }
                )
            );

        using TransformerChain<TrainNetworkTransformer> model = pipeline.Fit(photos);
        Assert.StartsWith("TensorFlow 2.", model.LastTransformer.Result.History.Runtime, StringComparison.Ordinal);
        Assert.True(ml.MulticlassClassification.Evaluate(model.Transform(photos)).MicroAccuracy > 0.5);
        string file = Path.Combine(_folder.Path, "model.onnx");
        model.LastTransformer.ExportOnnx(file);
        Assert.Contains(OnnxGraph.Load(file).Nodes, n => n.OpType == "Conv");
    }

    [Fact]
    public void The_block_on_describing_runs()
    {
        TensorFlowDescription description = TensorFlowRuntime.Create().Describe();

        Assert.StartsWith("2.", description.Version, StringComparison.Ordinal);
        Assert.Contains(description.Devices, d => d is { Type: "CPU", MemoryBytes: > 0 });
        Assert.Contains(
            description.Search,
            step =>
                step.EndsWith("found", StringComparison.Ordinal) || step.EndsWith(description.LibraryPath ?? "", StringComparison.Ordinal)
        );
        Assert.StartsWith($"TensorFlow {description.Version} (", description.ToString(), StringComparison.Ordinal);
        Assert.Contains("device:CPU:0", description.ToString(), StringComparison.Ordinal);
        Assert.Equal(description.HasGpuKernels, !description.ToString().Contains("built for the CPU only", StringComparison.Ordinal));
        Assert.EndsWith(
            $"instruction sets: {string.Join(", ", description.InstructionSets)}",
            description.ToString(),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void The_block_on_options_runs()
    {
        string? libraryFolder = Path.GetDirectoryName(TensorFlowLibrary.Load().Path);

        var runtime = TensorFlowRuntime.Create(
            new TensorFlowRuntimeOptions
            {
                LibraryPath = libraryFolder, // or PythonFolder = a virtual environment
                MemoryGrowth = true, // of a GPU: take memory as it is needed
                GpuMemoryFraction = 0.5, // and no more than half
            }
        );

        Assert.StartsWith("TensorFlow 2.", runtime.Name, StringComparison.Ordinal);
    }
}
