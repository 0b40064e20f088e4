using MLNetExtensions.Onnx;
using MLNetExtensions.TensorFlow.Cluster;
using MLNetExtensions.TensorFlow.Launching;
using MLNetExtensions.Training;
using MLNetExtensions.Training.Optimizers;

namespace MLNetExtensions.TensorFlow.Tests.Cluster;

/// <summary>What workers tell each other before they train.</summary>
public class HandshakeTests
{
    [Fact]
    public async Task Workers_with_other_options_are_told_who_differs_and_in_what()
    {
        string[] workers = FreeAddresses.Find(3);
        string[] messages = await Errors(
            workers,
            index => (SmallNetwork.Create(), Options(index == 1 ? 2 : 1, index == 2 ? new Adam { Beta1 = 0.5f } : new Adam()))
        );
        Assert.Single(messages.Distinct());
        Assert.Contains(
            $"GradientAccumulation is 1 on worker 0 ({workers[0]}), 2 ({workers[2]}) and 2 on worker 1 ({workers[1]})",
            messages[0],
            StringComparison.Ordinal
        );
        Assert.Contains("Beta1 = 0.5", messages[0], StringComparison.Ordinal);
        Assert.DoesNotContain("Loss", messages[0], StringComparison.Ordinal);

        // The same processes may try again.
        double[][] sums = await LocalWorkers.Run(
            3,
            index =>
            {
                using ITrainingSession session = CreateSession(workers, index, SmallNetwork.Create(), Options(1, new Adam()));
                double[] values = [index, 0.5, 1e300];
                ((IWorkers)session).AllReduceSum(values);
                return values;
            }
        );
        Assert.All(sums, sum => Assert.Equal([3, 1.5, 3e300], sum));
    }

    [Fact]
    public async Task Another_network_is_an_error_before_the_first_step()
    {
        string[] workers = FreeAddresses.Find(2);
        OnnxGraph network = SmallNetwork.Create(),
            other = network.WithWeights(
                new Dictionary<string, OnnxTensor> { ["fc.bias"] = OnnxTensor.FromFloats("fc.bias", [SmallNetwork.Classes], [1, 2, 3, 4]) }
            );
        Assert.All(
            await Errors(workers, index => (index == 0 ? network : other, Options(1, new Adam()))),
            message =>
            {
                Assert.Contains("the hash of its first weights", message, StringComparison.Ordinal);
                Assert.DoesNotContain("the network is", message, StringComparison.Ordinal);
            }
        );
        Assert.All(
            await Errors(workers, index => (SmallNetwork.Create(dropout: index == 1), Options(1, new Adam()))),
            message =>
            {
                Assert.Contains("the network is 6 nodes", message, StringComparison.Ordinal);
                Assert.Contains("7 nodes", message, StringComparison.Ordinal);
            }
        );
    }

    [Fact]
    public async Task Settings_of_a_program_are_compared_too()
    {
        string[] workers = FreeAddresses.Find(2);
        (int, int)[] places = await LocalWorkers.Run(
            2,
            index =>
            {
                using ITrainingSession session = CreateSession(workers, index, SmallNetwork.Create(), Options(1, new Adam()));
                var together = (IWorkers)session;
                together.CheckEqual(new Dictionary<string, string> { ["a"] = "1", ["b"] = "2" });
                string rows = Assert
                    .Throws<InvalidOperationException>(() =>
                        together.CheckEqual(new Dictionary<string, string> { ["Epochs"] = "3", ["TrainingRows"] = $"{40 + index}" })
                    )
                    .Message;
                Assert.Contains(
                    $"TrainingRows is 40 on worker 0 ({workers[0]}) and 41 on worker 1 ({workers[1]}).",
                    rows,
                    StringComparison.Ordinal
                );
                string names = Assert
                    .Throws<InvalidOperationException>(() =>
                        together.CheckEqual(new Dictionary<string, string> { ["a"] = "1", [$"b{index}"] = "2" })
                    )
                    .Message;
                Assert.Contains("a, b1", names, StringComparison.Ordinal);
                return (together.WorldSize, together.Rank);
            }
        );
        Assert.Equal([(2, 0), (2, 1)], places);
    }

    [Fact]
    public void A_worker_that_cannot_be_reached_is_named()
    {
        string[] workers = FreeAddresses.Find(3);
        TensorFlowException error = Assert.Throws<TensorFlowException>(() =>
            TensorFlowRuntime
                .Create(
                    new TensorFlowRuntimeOptions
                    {
                        Cluster = new TensorFlowCluster([workers[0], workers[1], "no-such-host.invalid:2222"], 0)
                        {
                            StartTimeout = TimeSpan.FromSeconds(1),
                        },
                    }
                )
                .CreateSession(SmallNetwork.Create(), Options(1, new Adam()))
        );
        Assert.Equal(TensorFlowErrorCode.Unavailable, error.Code);
        Assert.Contains($"worker 1 at {workers[1]} (", error.Message, StringComparison.Ordinal);
        Assert.Contains("worker 2 at no-such-host.invalid:2222 (", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_session_without_a_cluster_is_the_only_worker()
    {
        using ITrainingSession session = TensorFlowRuntime.Create().CreateSession(SmallNetwork.Create(), Options(1, new Adam()));
        double[] values = [1, 2];
        var alone = (IWorkers)session;
        alone.AllReduceSum(values);
        alone.CheckEqual(new Dictionary<string, string> { ["a"] = "1" });
        Assert.Equal([1, 2], values);
        Assert.Equal((1, 0), (alone.WorldSize, alone.Rank));
    }

    private static async Task<string[]> Errors(string[] workers, Func<int, (OnnxGraph, TrainingSessionOptions)> session)
    {
        return await LocalWorkers.Run(
            workers.Length,
            index =>
            {
                (OnnxGraph network, TrainingSessionOptions options) = session(index);
                return Assert.Throws<InvalidOperationException>(() => CreateSession(workers, index, network, options)).Message;
            }
        );
    }

    private static ITrainingSession CreateSession(string[] workers, int index, OnnxGraph network, TrainingSessionOptions options) =>
        TensorFlowRuntime
            .Create(
                new TensorFlowRuntimeOptions { Cluster = new TensorFlowCluster(workers, index) { StartTimeout = TimeSpan.FromSeconds(60) } }
            )
            .CreateSession(network, options);

    private static TrainingSessionOptions Options(int accumulation, Optimizer optimizer) =>
        new()
        {
            Optimizer = optimizer,
            GradientAccumulation = accumulation,
            Precision = TrainingPrecision.Float32,
        };
}
