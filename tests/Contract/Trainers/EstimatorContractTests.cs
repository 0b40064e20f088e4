using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.OnnxRuntime;
using MLNetExtensions.Onnx;
using MLNetExtensions.Tests.Trainers;
using MLNetExtensions.Trainers;
using MLNetExtensions.Trainers.FineTune;
using MLNetExtensions.Trainers.TrainNetwork;
using MLNetExtensions.Training;
using MLNetExtensions.Training.Callbacks;

namespace MLNetExtensions.TrainingContract.Trainers;

/// <summary>Both trainers with this runtime, through the public API: from images to an ONNX file that scores alike.</summary>
public sealed class EstimatorContractTests : IDisposable
{
    private const int Images = 30;

    private readonly MLContext _ml = new(seed: 1);
    private readonly ColorImages _images = new(Images);
    private readonly TemporaryFolder _folder = new();

    public void Dispose()
    {
        _images.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData(0)] // after epoch 1
    [InlineData(1)] // a step later: in the middle of epoch 2
    public void A_resumed_cnn_is_the_one_trained_in_one_go(int stepsMore)
    {
        using TrainNetworkTransformer whole = Fit(CnnOptions());
        TrainNetworkOptions options = CnnOptions();
        options.Callbacks = [new CheckpointCallback(Checkpoints) { EverySteps = 1, MaxToKeep = 1 }, new StopAtStep(3 + stepsMore)];
        using TrainNetworkTransformer part = Fit(options);
        Assert.Equal(StopReason.Stopped, part.Result.History.StopReason);

        options = CnnOptions();
        options.ResumeFrom = Checkpoints;
        using TrainNetworkTransformer resumed = Fit(options);

        Assert.Equal(Directory.GetFiles(Checkpoints)[0], resumed.Result.History.ResumedFrom);
        Assert.Equal(2, resumed.Result.History.Epochs.Count);
        Assert.Equal(whole.Result.History.Epochs.Select(e => e.TrainLoss), resumed.Result.History.Epochs.Select(e => e.TrainLoss));
        Assert.Equal(whole.Model.Initializers.Keys, resumed.Model.Initializers.Keys);
        Assert.All(
            whole.Model.Initializers,
            i => Assert.True(i.Value.RawData.Span.SequenceEqual(resumed.Model.Initializers[i.Key].RawData.Span), i.Key)
        );
        Assert.Equal(RuntimeUnderTest.Create().Name, whole.Result.History.Runtime);
    }

    [Fact]
    public void An_exported_cnn_scores_in_OnnxRuntime_as_the_session_did()
    {
        IDataView data = Pixels();
        var outputs = new EpochOutputs();
        TrainNetworkOptions options = CnnOptions();
        (options.Epochs, options.ValidationSet, options.Callbacks) = (15, data, [outputs]);
        using TrainNetworkTransformer model = _ml.TrainNetwork(options).Fit(data);
        Assert.True(_ml.MulticlassClassification.Evaluate(model.Transform(data)).MicroAccuracy > 0.9);
        AssertExported(model, data, outputs.Values[model.Result.History.BestEpoch]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void An_exported_fine_tuned_network_scores_in_OnnxRuntime_as_the_session_did(bool allLayers)
    {
        IDataView data = Pixels();
        var outputs = new EpochOutputs();
        FineTuneOptions options = new()
        {
            Backbone = SmallBackbone.Create(),
            TrainableLayers = allLayers ? FineTuneLayers.All : FineTuneLayers.Head,
            Epochs = 3,
            Seed = 1,
            Threads = 1,
            Precision = TrainingPrecision.Float32,
            ValidationSet = data,
            // The session's outputs are to be found in the file.
            CalibrateProbabilities = false,
            Callbacks = [outputs],
            Runtime = RuntimeUnderTest.Create(),
        };
        using FineTuneTransformer model = _ml.FineTune(options).Fit(data);
        IReadOnlyDictionary<string, OnnxTensor> before = options.Backbone.Graph.Initializers,
            after = model.Model.Initializers;
        Assert.Equal(
            allLayers,
            before.Any(b => after.TryGetValue(b.Key, out OnnxTensor? value) && !value.ToFloats().AsSpan().SequenceEqual(b.Value.ToFloats()))
        );
        Assert.True(model.Result.History.Epochs[^1].TrainLoss < model.Result.History.Epochs[0].TrainLoss);
        AssertExported(model, data, outputs.Values[model.Result.History.BestEpoch]);
    }

    private string Checkpoints => Path.Combine(_folder.Path, "checkpoints");

    private TrainNetworkTransformer Fit(TrainNetworkOptions options) => _ml.TrainNetwork(options).Fit(_images.Paths(_ml));

    private IDataView Pixels()
    {
        IDataView images = _images.Images(_ml);
        return _ml
            .Transforms.ResizeImages("Image", SmallCnn.Side, SmallCnn.Side)
            .Append(_ml.Transforms.ExtractPixels("Image"))
            .Fit(images)
            .Transform(images);
    }

    private static TrainNetworkOptions CnnOptions() =>
        new()
        {
            CreateGraph = SmallCnn.Create,
            Epochs = 2,
            BatchSize = 12,
            LearningRate = 0.03f,
            Seed = 1,
            Threads = 1,
            Precision = TrainingPrecision.Float32,
            Runtime = RuntimeUnderTest.Create(),
        };

    /// <summary>
    /// Compares what the file gives in ONNX Runtime with the transformer's scores, and with the probabilities of what the session gave.
    /// </summary>
    private void AssertExported(TrainedImageTransformer model, IDataView data, float[] logits)
    {
        string file = Path.Combine(_folder.Path, "model.onnx");
        model.ExportOnnx(file);
        using var session = new InferenceSession(file);
        float[][] pixels = [.. data.GetColumn<float[]>("Image")],
            expected = [.. model.Transform(data).GetColumn<float[]>("Score")];
        using OrtValue input = OrtValue.CreateTensorValueFromMemory(
            pixels.SelectMany(p => p).ToArray(),
            [Images, 3, SmallCnn.Side, SmallCnn.Side]
        );
        using var run = new RunOptions();
        using IDisposableReadOnlyCollection<OrtValue> results = session.Run(
            run,
            new Dictionary<string, OrtValue> { [session.InputNames[0]] = input },
            ["Score"]
        );
        float[] actual = results[0].GetTensorDataAsSpan<float>().ToArray();
        Assert.Equal(expected.SelectMany(row => row), actual, (a, b) => Math.Abs(a - b) < 1e-5f);
        Assert.Equal(logits.Chunk(3).SelectMany(Softmax), actual, (a, b) => Math.Abs(a - b) < 1e-4f);
    }

    private static IEnumerable<float> Softmax(float[] logits)
    {
        float largest = logits.Max(),
            sum = logits.Sum(l => MathF.Exp(l - largest));
        return logits.Select(l => MathF.Exp(l - largest) / sum);
    }

    private sealed class EpochOutputs : TrainingCallback
    {
        public List<float[]> Values { get; } = [];

        public override bool NeedsValidationOutputs => true;

        public override void OnEpochEnd(EpochEndArguments arguments) => Values.Add([.. arguments.ValidationOutputs.Span]);
    }
}
