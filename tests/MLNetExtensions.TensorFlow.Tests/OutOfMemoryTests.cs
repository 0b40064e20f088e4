using MLNetExtensions.Onnx;
using MLNetExtensions.Training;

namespace MLNetExtensions.TensorFlow.Tests;

/// <summary>
/// A device without enough memory. That of the CPU is asked for more than any machine has: TensorFlow reports it as it does a GPU's.
/// </summary>
public sealed class OutOfMemoryTests
{
    [Fact]
    public void An_error_of_a_step_suggests_smaller_batches()
    {
        using ITrainingSession session = CreateSession();
        TensorFlowException error = Assert.Throws<TensorFlowException>(() => session.Step(Batches.Random(1, 6, 3, 3), 0.1f));
        Assert.Equal(TensorFlowErrorCode.ResourceExhausted, error.Code);
        Assert.All(
            ["a step of 6 rows", "cpu, ", "smaller BatchSize", "GradientAccumulation", "Tile"],
            part => Assert.Contains(part, error.Message, StringComparison.Ordinal)
        );
    }

    [Fact]
    public void So_does_one_of_a_prediction_and_the_session_lives_on()
    {
        using ITrainingSession session = CreateSession();
        TensorFlowException error = Assert.Throws<TensorFlowException>(() => session.Predict(Batches.Random(1, 5, 3, 3), new float[15]));
        Assert.Contains("a prediction of 5 rows", error.Message, StringComparison.Ordinal);
        Assert.Contains("smaller BatchSize", error.Message, StringComparison.Ordinal);
        Assert.Equal(3, session.ReadWeights()["w"].Count);
    }

    /// <summary>Each value repeated 2^34 times: 200 gigabytes a row.</summary>
    private static ITrainingSession CreateSession()
    {
        var graph = new OnnxGraph
        {
            Opsets = new Dictionary<string, int> { [""] = 17 },
            Inputs = [OnnxValue.Create("x", OnnxElementType.Float, -1, 3, 1, 1)],
            Outputs = [OnnxValue.Create("y", OnnxElementType.Float, -1, 3)],
            Nodes =
            [
                OnnxNode.Create("Mul", ["x", "w"], ["scaled"]),
                OnnxNode.Create("Tile", ["scaled", "repeats"], ["wide"]),
                OnnxNode.Create("GlobalAveragePool", ["wide"], ["pooled"]),
                OnnxNode.Create("Flatten", ["pooled"], ["y"]),
            ],
            Initializers = new Dictionary<string, OnnxTensor>
            {
                ["w"] = OnnxTensor.FromFloats("w", [3, 1, 1], [1, 2, 3]),
                ["repeats"] = OnnxTensor.FromInt64s("repeats", [4], [1, 1, 1 << 17, 1 << 17]),
            },
        };
        return TensorFlowRuntime
            .Create()
            .CreateSession(graph, new TrainingSessionOptions { Precision = TrainingPrecision.Float32, Threads = 1 });
    }
}
