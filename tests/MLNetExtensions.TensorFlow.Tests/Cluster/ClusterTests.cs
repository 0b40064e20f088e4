using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using MLNetExtensions.Onnx;
using MLNetExtensions.TensorFlow.Cluster;
using MLNetExtensions.TensorFlow.Launching;
using MLNetExtensions.Training;
using MLNetExtensions.Training.Optimizers;

namespace MLNetExtensions.TensorFlow.Tests.Cluster;

public class ClusterTests
{
    /// <summary>Says that this process is the child of a test.</summary>
    private const string ChildVariable = "MLNETX_CLUSTER_CHILD";

    [Fact]
    public async Task Two_workers_train_as_one_with_all_rows()
    {
        const int steps = 20,
            rows = 32;
        OnnxGraph network = SmallNetwork.Create();
        string[] workers = FreeAddresses.Find(2);
        IReadOnlyDictionary<string, OnnxTensor>[] together = await LocalWorkers.Run(
            2,
            index =>
                Train(
                    network,
                    new TensorFlowCluster(workers, index),
                    step => Half(Batches.Random(step, rows, SmallNetwork.RowSize, SmallNetwork.Classes), index)
                )
        );
        IReadOnlyDictionary<string, OnnxTensor> alone = Train(
            network,
            null,
            step => Batches.Random(step, rows, SmallNetwork.RowSize, SmallNetwork.Classes)
        );

        foreach ((string name, OnnxTensor weight) in alone)
        {
            Assert.Equal(together[0][name].ToFloats(), together[1][name].ToFloats());
            Assert.Equal(weight.ToFloats(), together[0][name].ToFloats(), (a, b) => Math.Abs(a - b) < 1e-4f);
        }

        static IReadOnlyDictionary<string, OnnxTensor> Train(OnnxGraph network, TensorFlowCluster? cluster, Func<int, TrainingBatch> batch)
        {
            using ITrainingSession session = TensorFlowRuntime
                .Create(new TensorFlowRuntimeOptions { Cluster = cluster })
                .CreateSession(
                    network,
                    new TrainingSessionOptions
                    {
                        Optimizer = new Adam(),
                        Precision = TrainingPrecision.Float32,
                        BatchNorm = BatchNormMode.Inference,
                    }
                );
            for (int step = 0; step < steps; step++)
                session.Step(batch(step), 0.01f);
            return session.ReadWeights();
        }
    }

    /// <summary>In a process of its own: after such an error TensorFlow's collective ops fail until the process is started again.</summary>
    [Fact]
    public async Task A_worker_that_is_gone_is_an_error_within_the_limit()
    {
        if (Environment.GetEnvironmentVariable(ChildVariable) is not null)
        {
            await WorkWithoutPartner();
            return;
        }
        var start = new ProcessStartInfo(
            Environment.ProcessPath!,
            ["-method", $"*{nameof(A_worker_that_is_gone_is_an_error_within_the_limit)}"]
        )
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment[ChildVariable] = "1";
        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0 && output.Contains("Total: 1,", StringComparison.Ordinal), output + await errors);
    }

    private static async Task WorkWithoutPartner()
    {
        string[] workers = FreeAddresses.Find(2);
        Task<int>[] runs =
        [
            .. Enumerable
                .Range(0, 2)
                .Select(index =>
                    Task.Run(() => Steps(new TensorFlowCluster(workers, index) { Timeout = TimeSpan.FromSeconds(10) }, index == 0 ? 6 : 3))
                ),
        ];
        Assert.Equal(3, await runs[1]);
        TensorFlowException error = await Assert.ThrowsAsync<TensorFlowException>(() => runs[0].WaitAsync(TimeSpan.FromSeconds(60)));
        Assert.Contains("got no answer from the others within 10 s", error.Message, StringComparison.Ordinal);

        static int Steps(TensorFlowCluster cluster, int count)
        {
            using ITrainingSession session = TensorFlowRuntime
                .Create(new TensorFlowRuntimeOptions { Cluster = cluster })
                .CreateSession(SmallNetwork.Create(), new TrainingSessionOptions { Precision = TrainingPrecision.Float32 });
            for (int step = 0; step < count; step++)
                session.Step(Batches.Random(step, 8, SmallNetwork.RowSize, SmallNetwork.Classes), 0.01f);
            return count;
        }
    }

    [Fact]
    public void A_port_in_use_is_an_error()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var cluster = new TensorFlowCluster([$"127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}"], 0);
        string message = Assert
            .Throws<TensorFlowException>(() =>
                TensorFlowRuntime
                    .Create(new TensorFlowRuntimeOptions { Cluster = cluster })
                    .CreateSession(SmallNetwork.Create(), new TrainingSessionOptions())
            )
            .Message;
        Assert.Contains("port", message, StringComparison.Ordinal);
    }

    [NeedsNothing]
    [Theory]
    [InlineData("{\"cluster\": {\"worker\": [\"a:1\", \"b:2\"]}, \"task\": {\"type\": \"worker\", \"index\": 1}}", 1)]
    [InlineData("{\"cluster\": {\"worker\": [\"a:1\"]}, \"task\": {\"type\": \"worker\", \"index\": \"0\"}}", 0)]
    public void TF_CONFIG_is_read(string text, int index) => Assert.Equal(index, TensorFlowCluster.Parse(text).Index);

    [NeedsNothing]
    [Theory]
    [InlineData("{", "TF_CONFIG")]
    [InlineData("{\"cluster\": {\"worker\": [\"a:1\"]}, \"task\": {\"type\": \"ps\", \"index\": 0}}", "'ps'")]
    [InlineData("{\"cluster\": {\"worker\": [\"a:1\"]}, \"task\": {\"type\": \"worker\", \"index\": 3}}", "workers 0 to 0")]
    [InlineData("{\"cluster\": {\"worker\": [\"a\"]}, \"task\": {\"type\": \"worker\", \"index\": 0}}", "'a'")]
    [InlineData("{\"cluster\": {\"worker\": [\"a:1\", \"a:1\"]}, \"task\": {\"type\": \"worker\", \"index\": 0}}", "2 times")]
    [InlineData("{\"task\": {\"type\": \"worker\", \"index\": 0}}", "TF_CONFIG")]
    public void A_wrong_TF_CONFIG_is_an_error(string text, string part) =>
        Assert.Contains(
            part,
            Assert.Throws<InvalidOperationException>(() => TensorFlowCluster.Parse(text)).Message,
            StringComparison.Ordinal
        );

    private static TrainingBatch Half(TrainingBatch batch, int index)
    {
        int rows = batch.Count / 2;
        return new TrainingBatch
        {
            Count = rows,
            Inputs = [batch.Inputs[0].Slice(index * rows * SmallNetwork.RowSize, rows * SmallNetwork.RowSize)],
            Targets = batch.Targets.Slice(index * rows * SmallNetwork.Classes, rows * SmallNetwork.Classes),
            TargetWeight = rows,
        };
    }
}
