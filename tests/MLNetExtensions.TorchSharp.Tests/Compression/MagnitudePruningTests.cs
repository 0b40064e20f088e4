using Microsoft.ML;
using MLNetExtensions.Compression.Pruning;
using MLNetExtensions.Estimators.TrainCnn;
using MLNetExtensions.Onnx;
using MLNetExtensions.Tests.Estimators;
using MLNetExtensions.TorchSharp.Tests.Estimators;
using MLNetExtensions.Training;
using MLNetExtensions.Training.Callbacks;
using MLNetExtensions.Training.Optimizers;

namespace MLNetExtensions.TorchSharp.Tests.Compression;

public sealed class MagnitudePruningTests : IDisposable
{
    private readonly MLContext _ml = new(seed: 1);
    private readonly ColourPictures _pictures = new(36);

    public void Dispose() => _pictures.Dispose();

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, false)]
    [InlineData(true, true)]
    public void A_trained_network_has_as_many_zeros_as_asked_for_and_still_knows(bool perLayer, bool averaged)
    {
        var shares = new SparsityLog();
        IDataView data = _pictures.Paths(_ml);
        using TrainCnnTransformer model = _ml.Vision().TrainCnn(new TrainCnnOptions
        {
            CreateGraph = SmallCnn.Create,
            Epochs = 40,
            BatchSize = 12,
            LearningRate = 0.03f,
            Seed = 1,
            Threads = 1,
            WeightAveraging = averaged ? new ExponentialMovingAverage(0.9f) : null,
            Callbacks = [new MagnitudePruningCallback(0.7) { PerLayer = perLayer, Every = 5 }, shares],
        }).Fit(data);
        Assert.True(_ml.MulticlassClassification.Evaluate(model.Transform(data)).MicroAccuracy > 0.9);

        string[] pruned = ["conv1.weight", "conv2.weight", "fc.weight"];
        Assert.Equal(0.7, Zeros(model.Model, pruned), 0.01);
        if (perLayer)
            Assert.All(pruned, name => Assert.Equal(0.7, Zeros(model.Model, [name]), 0.05));
        // More and more until 60 % of the run, and then no less.
        Assert.Equal(shares.Shares.Order(), shares.Shares);
        Assert.InRange(shares.Shares[9], 0.3, 0.65);
        Assert.All(shares.Shares.Skip(26), share => Assert.Equal(0.7, share, 0.01));
        Assert.Equal(0, Zeros(model.Model, ["bn1.weight", "fc.bias"]));
    }

    [Fact]
    public void Masks_hold_through_momentum_decay_and_averages()
    {
        OnnxGraph graph = SmallCnn.Create(3);
        using ITrainingSession session = new TorchSharpRuntime().CreateSession(graph, new TrainingSessionOptions
        {
            Optimizer = new Sgd { Momentum = 0.9f, WeightDecay = 0.1f },
            Threads = 1,
            WeightAveraging = new ExponentialMovingAverage(0.5f),
            Precision = TrainingPrecision.Float32,
        });
        TrainingBatch batch = Batches.Random(seed: 1, 4, 3 * 16 * 16, 3);
        session.Step(batch, 0.1f);
        float[] mask = [.. Enumerable.Range(0, 8 * 27).Select(i => i % 2 == 0 ? 1f : 0)];
        ((IMaskedSession)session).SetMasks(new Dictionary<string, OnnxTensor> { ["conv1.weight"] = OnnxTensor.FromFloats("conv1.weight", [8, 3, 3, 3], mask) });
        for (int i = 0; i < 5; i++)
        {
            Check();
            session.Step(batch, 0.1f);
        }
        Check();
        ((IMaskedSession)session).SetMasks(new Dictionary<string, OnnxTensor>());
        session.Step(batch, 0.1f);
        Assert.DoesNotContain(session.ReadWeights()["conv1.weight"].ToFloats(), w => w == 0);

        void Check()
        {
            float[] weights = session.ReadWeights()["conv1.weight"].ToFloats();
            for (int i = 0; i < weights.Length; i++)
                Assert.Equal(mask[i] == 0, weights[i] == 0);
        }
    }

    [Fact]
    public void Masks_of_other_names_or_shapes_are_errors()
    {
        using ITrainingSession session = new TorchSharpRuntime().CreateSession(SmallCnn.Create(3), new TrainingSessionOptions { Threads = 1 });
        var masked = (IMaskedSession)session;
        Assert.Throws<ArgumentException>(() => masked.SetMasks(new Dictionary<string, OnnxTensor> { ["other"] = OnnxTensor.FromFloats("other", [1], [1]) }));
        Assert.Throws<ArgumentException>(() => masked.SetMasks(new Dictionary<string, OnnxTensor> { ["fc.bias"] = OnnxTensor.FromFloats("fc.bias", [1], [1]) }));
        Assert.Throws<ArgumentException>(() => masked.SetMasks(new Dictionary<string, OnnxTensor> { ["bn1.mean"] = OnnxTensor.FromFloats("bn1.mean", [8], new float[8]) }));
        Assert.Throws<ArgumentOutOfRangeException>(() => new MagnitudePruningCallback(1));
    }

    private static double Zeros(OnnxGraph graph, string[] names)
    {
        float[] weights = [.. names.SelectMany(name => graph.Initializers[name].ToFloats())];
        return (double)weights.Count(w => w == 0) / weights.Length;
    }

    private sealed class SparsityLog : TrainingCallback
    {
        public List<double> Shares { get; } = [];

        public override void OnEpochEnd(EpochEndArguments arguments)
        {
            IReadOnlyDictionary<string, OnnxTensor> weights = arguments.Run.Session.ReadWeights();
            float[] all = [.. new[] { "conv1.weight", "conv2.weight", "fc.weight" }.SelectMany(name => weights[name].ToFloats())];
            Shares.Add((double)all.Count(w => w == 0) / all.Length);
        }
    }
}
