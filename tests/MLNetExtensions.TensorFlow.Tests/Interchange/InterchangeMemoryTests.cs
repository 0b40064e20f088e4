using MLNetExtensions.Onnx;

namespace MLNetExtensions.TensorFlow.Tests.Interchange;

/// <summary>Measures the process: no other test may run beside it.</summary>
[Collection(Alone.Name)]
public sealed class InterchangeMemoryTests
{
    [Fact]
    public void Written_and_read_models_leave_no_memory_behind()
    {
        // 4 MB of weights: a kept copy of 30 models would be 120 MB.
        var random = new Random(1);
        var graph = new OnnxGraph
        {
            Opsets = new Dictionary<string, int> { [""] = 17 },
            Inputs = [OnnxValue.Create("x", OnnxElementType.Float, -1, 1024)],
            Outputs = [OnnxValue.Create("y", OnnxElementType.Float, -1, 1024)],
            Nodes = [OnnxNode.Create("MatMul", ["x", "w"], ["y"])],
            Initializers = new Dictionary<string, OnnxTensor>
            {
                ["w"] = OnnxTensor.FromFloats("w", [1024, 1024], [.. Enumerable.Range(0, 1 << 20).Select(_ => random.NextSingle())]),
            },
        };
        using var folder = new TemporaryFolder();
        Work(10);
        Assert.InRange(ProcessMemory.LeastGrowth(() => Work(30)), long.MinValue, 40L << 20);

        void Work(int models)
        {
            for (int i = 0; i < models; i++)
            {
                string model = Path.Combine(folder.Path, "model");
                TensorFlowModel.WriteSavedModel(graph, model);
                Assert.Equal(
                    graph.Initializers["w"].RawData.Length,
                    TensorFlowModel.ReadSavedModel(model).Initializers.Values.Max(t => t.RawData.Length)
                );
                Directory.Delete(model, recursive: true);
            }
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }
    }
}
