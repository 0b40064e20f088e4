using System.Net;
using System.Net.Sockets;
using MLNetExtensions.Onnx;
using MLNetExtensions.Training;
using MLNetExtensions.Training.Optimizers;

namespace MLNetExtensions.TensorFlow.Tests.Cluster;

public class ClusterTests
{
    [Fact]
    public async Task Two_workers_train_as_one_with_all_rows()
    {
        LibraryForTests.Require();
        const int steps = 20, rows = 32;
        OnnxGraph network = SmallNetwork.Create();
        string[] workers = FreeAddresses(2);
        IReadOnlyDictionary<string, OnnxTensor>[] together = await Task.WhenAll(Enumerable.Range(0, 2).Select(index => Task.Run(() => Train(
            network, new TensorFlowCluster(workers, index), step => Half(Batches.Random(step, rows, SmallNetwork.RowSize, SmallNetwork.Classes), index)))));
        IReadOnlyDictionary<string, OnnxTensor> alone = Train(network, null, step => Batches.Random(step, rows, SmallNetwork.RowSize, SmallNetwork.Classes));

        foreach ((string name, OnnxTensor weight) in alone)
        {
            Assert.Equal(together[0][name].ToFloats(), together[1][name].ToFloats());
            Assert.Equal(weight.ToFloats(), together[0][name].ToFloats(), (a, b) => Math.Abs(a - b) < 1e-4f);
        }

        static IReadOnlyDictionary<string, OnnxTensor> Train(OnnxGraph network, TensorFlowCluster? cluster, Func<int, TrainingBatch> batch)
        {
            using ITrainingSession session = TensorFlowRuntime.Create(new TensorFlowRuntimeOptions { Cluster = cluster })
                .CreateSession(network, new TrainingSessionOptions { Optimizer = new Adam(), Precision = TrainingPrecision.Float32, BatchNorm = BatchNormMode.Inference });
            for (int step = 0; step < steps; step++)
                session.Step(batch(step), 0.01f);
            return session.ReadWeights();
        }
    }

    [Theory]
    [InlineData("{\"cluster\": {\"worker\": [\"a:1\", \"b:2\"]}, \"task\": {\"type\": \"worker\", \"index\": 1}}", 1)]
    [InlineData("{\"cluster\": {\"worker\": [\"a:1\"]}, \"task\": {\"type\": \"worker\", \"index\": \"0\"}}", 0)]
    public void TF_CONFIG_is_read(string text, int index) => Assert.Equal(index, TensorFlowCluster.Parse(text).Index);

    [Theory]
    [InlineData("{", "TF_CONFIG")]
    [InlineData("{\"cluster\": {\"worker\": [\"a:1\"]}, \"task\": {\"type\": \"ps\", \"index\": 0}}", "'ps'")]
    [InlineData("{\"cluster\": {\"worker\": [\"a:1\"]}, \"task\": {\"type\": \"worker\", \"index\": 3}}", "workers 0 to 0")]
    [InlineData("{\"cluster\": {\"worker\": [\"a\"]}, \"task\": {\"type\": \"worker\", \"index\": 0}}", "'a'")]
    [InlineData("{\"cluster\": {\"worker\": [\"a:1\", \"a:1\"]}, \"task\": {\"type\": \"worker\", \"index\": 0}}", "2 times")]
    [InlineData("{\"task\": {\"type\": \"worker\", \"index\": 0}}", "TF_CONFIG")]
    public void A_wrong_TF_CONFIG_is_an_error(string text, string part) =>
        Assert.Contains(part, Assert.Throws<InvalidOperationException>(() => TensorFlowCluster.Parse(text)).Message, StringComparison.Ordinal);

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

    private static string[] FreeAddresses(int count)
    {
        TcpListener[] listeners = [.. Enumerable.Range(0, count).Select(_ => new TcpListener(IPAddress.Loopback, 0))];
        foreach (TcpListener listener in listeners)
            listener.Start();
        string[] addresses = [.. listeners.Select(l => $"127.0.0.1:{((IPEndPoint)l.LocalEndpoint).Port}")];
        foreach (TcpListener listener in listeners)
            listener.Stop();
        return addresses;
    }
}
