using Microsoft.ML;
using MLNetExtensions.Compression.Evaluation;
using MLNetExtensions.Compression.Quantization;
using MLNetExtensions.Onnx;
using MLNetExtensions.TestData;
using MLNetExtensions.TestData.Graphs;
using Xunit;

namespace MLNetExtensions.Tests.Compression;

/// <summary>Measures the process: no other test may run beside it.</summary>
[Collection(Alone.Name)]
public sealed class GraphSessionMemoryTests
{
    [Fact]
    public void Runs_and_sessions_keep_no_memory()
    {
        OnnxGraph graph = PassCases.Graph(
            [-1, 3, 64, 64],
            [OnnxNode.Create("Conv", ["x", "w"], ["y"])],
            DrawnTensor.Normal("w", 1, 16, 3, 3, 3)
        );
        var run = new CompressionRun(new MLContext(), new QuantizeOptions { Threads = 1 });
        Memory<float>[] inputs = [new float[4 * 3 * 64 * 64]];
        Work(5);
        long memory = Environment.WorkingSet;
        Work(50);
        Assert.InRange(Environment.WorkingSet - memory, long.MinValue, 40L << 20);

        // 55 sessions of 20 runs whose outputs are 1 MB each.
        void Work(int sessions)
        {
            for (int i = 0; i < sessions; i++)
            {
                using var session = new GraphSession(run, graph, ["y"]);
                for (int j = 0; j < 20; j++)
                    session.Run(inputs, 4, (_, _, values) => Assert.Equal(4 * 16 * 62 * 62, values.Length));
            }
        }
    }
}
