using Microsoft.ML;
using MLNetExtensions.Compression.Pruning;
using MLNetExtensions.Onnx;
using MLNetExtensions.Tests.Trainers;
using MLNetExtensions.Trainers.TrainNetwork;
using MLNetExtensions.Training;
using MLNetExtensions.Training.Callbacks;
using MLNetExtensions.TrainingContract.Trainers;

namespace MLNetExtensions.TorchSharp.Tests.Compression;

public sealed class MagnitudePruningTests : IDisposable
{
    private readonly MLContext _ml = new(seed: 1);
    private readonly ColorImages _images = new(36);

    public void Dispose() => _images.Dispose();

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, false)]
    [InlineData(true, true)]
    public void A_trained_network_has_as_many_zeros_as_asked_for_and_still_knows(bool perLayer, bool averaged)
    {
        var shares = new SparsityLog();
        IDataView data = _images.Paths(_ml);
        using TrainNetworkTransformer model = _ml
            .MulticlassClassification.Trainers.TrainNetwork(
                new TrainNetworkOptions
                {
                    CreateGraph = SmallCnn.Create,
                    Epochs = 40,
                    BatchSize = 12,
                    LearningRate = 0.03f,
                    Seed = 1,
                    Threads = 1,
                    WeightAveraging = averaged ? new ExponentialMovingAverage(0.9f) : null,
                    Callbacks = [new MagnitudePruningCallback(0.7) { PerLayer = perLayer, Every = 5 }, shares],
                }
            )
            .Fit(data);
        Assert.True(_ml.MulticlassClassification.Evaluate(model.Transform(data)).MicroAccuracy > 0.9);

        string[] pruned = ["conv1.weight", "conv2.weight", "fc.weight"];
        Assert.Equal(0.7, Zeros(model.Model, pruned), 0.01);
        if (perLayer)
            Assert.All(pruned, name => Assert.Equal(0.7, Zeros(model.Model, [name]), 0.05));
        // More and more until 60 % of the run, and then no less.
        Assert.Equal(shares.Fractions.Order(), shares.Fractions);
        Assert.InRange(shares.Fractions[9], 0.3, 0.65);
        Assert.All(shares.Fractions.Skip(26), share => Assert.Equal(0.7, share, 0.01));
        Assert.Equal(0, Zeros(model.Model, ["bn1.weight", "fc.bias"]));
    }

    [Fact]
    public void All_weights_cannot_be_pruned() => Assert.Throws<ArgumentOutOfRangeException>(() => new MagnitudePruningCallback(1));

    private static double Zeros(OnnxGraph graph, string[] names)
    {
        float[] weights = [.. names.SelectMany(name => graph.Initializers[name].ToFloats())];
        return (double)weights.Count(w => w == 0) / weights.Length;
    }

    private sealed class SparsityLog : TrainingCallback
    {
        public List<double> Fractions { get; } = [];

        public override void OnEpochEnd(EpochEndArguments arguments)
        {
            IReadOnlyDictionary<string, OnnxTensor> weights = arguments.Run.ReadWeights();
            float[] all = [.. new[] { "conv1.weight", "conv2.weight", "fc.weight" }.SelectMany(name => weights[name].ToFloats())];
            Fractions.Add((double)all.Count(w => w == 0) / all.Length);
        }
    }
}
