using System.Text.Json;
using MLNetExtensions.Onnx;
using MLNetExtensions.Onnx.Networks;
using MLNetExtensions.Onnx.Networks.Architectures;
using MLNetExtensions.Onnx.Networks.Layers;
using MLNetExtensions.Onnx.Surgery;
using MLNetExtensions.TestData;
using MLNetExtensions.TorchSharp;
using MLNetExtensions.Training;
using MLNetExtensions.Training.Optimizers;
using MLNetExtensions.Training.Privacy;
using MLNetExtensions.TrainingContract;

namespace MLNetExtensions.Peers.Figures;

/// <summary>What differential privacy costs, and whether its promise is the published one.</summary>
internal static class PrivateTraining
{
    private const int BatchSize = 256,
        Classes = 10,
        Rounds = 7;

    /// <summary>A step of DP-SGD over a plain one, the larger of two networks.</summary>
    public static double? Step()
    {
        // The network of Opacus' MNIST example, and one with the layers of a residual network.
        OnnxGraph mnist = new Sequential(
            new Conv2D(16, 8) { Strides = 2, Padding = 3 },
            new Relu(),
            new MaxPool2D(2) { Strides = 1 },
            new Conv2D(32, 4) { Strides = 2 },
            new Relu(),
            new MaxPool2D(2) { Strides = 1 },
            new Flatten(),
            new Dense(32),
            new Relu(),
            new Dense(Classes)
        ).Build(1, 28, 28);
        OnnxGraph residual = new ResNet9 { Width = 16 }
            .Build(Classes)
            .ReplaceBatchNorm();
        return Math.Max(Ratio("Opacus' MNIST network", mnist, 28 * 28), Ratio("ResNet9 with GroupNorm", residual, 3 * 32 * 32));
    }

    /// <summary>The largest relative difference of an epsilon from the golden one, in millionths.</summary>
    public static double? EpsilonError()
    {
        double largest = 0;
        foreach (JsonElement value in GoldenJson.Read("tuning", "rdp_epsilon.json").GetProperty("grid").EnumerateArray())
        {
            if (value.GetProperty("opacus").ValueKind == JsonValueKind.Null || value.GetProperty("opacus").GetDouble() <= 0)
                continue;
            var accountant = new RdpAccountant(RdpAccountant.OrdersOfOpacus);
            accountant.Add(
                value.GetProperty("sigma").GetDouble(),
                value.GetProperty("q").GetDouble(),
                value.GetProperty("steps").GetInt64()
            );
            double expected = value.GetProperty("opacus").GetDouble();
            largest = Math.Max(largest, Math.Abs(accountant.EpsilonAt(value.GetProperty("delta").GetDouble()) - expected) / expected);
        }
        return 1e6 * largest;
    }

    private static double Ratio(string name, OnnxGraph graph, int size)
    {
        Console.WriteLine(name);
        using ITrainingSession own = Session(graph, new GradientPrivacy(1, 1, BatchSize));
        using ITrainingSession plain = Session(graph, null);
        TrainingBatch batch = Batches.Random(1, BatchSize, size, Classes);
        return PairedTimes.Ratio(() => SeedCnnStep.Steps(own, batch, 5), () => SeedCnnStep.Steps(plain, batch, 5), Rounds, warmups: 2);
    }

    private static ITrainingSession Session(OnnxGraph graph, GradientPrivacy? privacy) =>
        new TorchSharpRuntime().CreateSession(
            graph,
            new TrainingSessionOptions
            {
                Optimizer = new Sgd { Momentum = 0.9f },
                Precision = TrainingPrecision.Float32,
                Privacy = privacy,
            }
        );
}
