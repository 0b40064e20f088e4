using Microsoft.ML;
using MLNetExtensions.Onnx;
using MLNetExtensions.Serving;
using MLNetExtensions.Tests.Trainers;
using MLNetExtensions.Trainers.FineTune;
using Xunit;

namespace MLNetExtensions.Tests.Serving;

public sealed class HotSwapTests : IDisposable
{
    private readonly ServedImages _images = new();

    public void Dispose() => _images.Dispose();

    [Fact]
    public async Task Batches_under_way_finish_on_the_old_model_which_is_then_freed()
    {
        using VisionPredictor predictor = _images.Gated(
            new VisionPredictorOptions { SessionSettings = { Threads = 2 } },
            out GatedNetwork old
        );
        Task<VisionPrediction> before = predictor.PredictAsync(_images.Encoded[0]);
        old.WaitForBatches(1);

        Task swap = predictor.UpdateModelAsync(() => _images.Open(_images.Second, out _), CancellationToken.None);
        Assert.True(SpinWait.SpinUntil(() => predictor.Status.ModelVersion == 2, TimeSpan.FromSeconds(60)));
        VisionPrediction after = await predictor.PredictAsync(_images.Encoded[0]);

        _images.Check(after, 0, _images.Second);
        Assert.Equal(2, after.ModelVersion);
        Assert.False(swap.IsCompleted || before.IsCompleted || old.IsDisposed);
        old.Open();
        _images.Check(await before, 0, _images.First);
        Assert.Equal(1, (await before).ModelVersion);
        await swap;
        Assert.True(old.IsDisposed);
    }

    [Fact]
    public async Task No_request_is_dropped_or_mixed_up_while_models_change()
    {
        using VisionPredictor predictor = _images.Gated(
            new VisionPredictorOptions { SessionSettings = { Threads = 2 }, MaxBatchSize = 5 },
            out _,
            isOpen: true
        );
        bool done = false;
        var versions = new HashSet<int>();

        Task[] callers =
        [
            .. Enumerable
                .Range(0, 8)
                .Select(caller =>
                    Task.Run(async () =>
                    {
                        for (int i = caller; !Volatile.Read(ref done); i++)
                        {
                            VisionPrediction prediction = await predictor.PredictAsync(_images.Encoded[i % 24]);
                            _images.Check(prediction, i % 24, prediction.ModelVersion % 2 == 1 ? _images.First : _images.Second);
                            lock (versions)
                                versions.Add(prediction.ModelVersion);
                        }
                    })
                ),
        ];
        var networks = new List<GatedNetwork>();
        for (int swap = 0; swap < 40; swap++)
        {
            await predictor.UpdateModelAsync(
                () =>
                {
                    ServedModel model = _images.Open(swap % 2 == 0 ? _images.Second : _images.First, out GatedNetwork network);
                    networks.Add(network);
                    return model;
                },
                CancellationToken.None
            );
            await Task.Delay(5);
        }
        Volatile.Write(ref done, true);
        await Task.WhenAll(callers);

        Assert.Equal(41, predictor.Status.ModelVersion);
        Assert.True(versions.Count > 10, $"answers of {versions.Count} models");
        Assert.All(networks.SkipLast(1), n => Assert.True(n.IsDisposed));
        Assert.False(networks[^1].IsDisposed);
    }

    [Fact]
    public async Task A_model_of_another_size_and_other_classes_may_take_over()
    {
        using FineTuneTransformer transformer = _images.Transformer();
        using VisionPredictor predictor = _images.Ml.Model.CreateVisionPredictor(transformer);
        var preprocessing = TinyClassifier.Preprocessing with { Width = 24, Height = 20 };
        OnnxGraph larger = _images.First with
        {
            Inputs = [OnnxValue.Create(_images.First.Inputs[0].Name, OnnxElementType.Float, -1, 3, 20, 24)],
            Metadata = new Dictionary<string, string>(
                MLNetExtensions.Backbones.Exported.ScoringMetadata.Of(preprocessing, ["rouge", "vert", "bleu"])
            ),
        };
        string file = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.onnx");
        try
        {
            larger.Save(file);
            await predictor.UpdateModelAsync(file);
        }
        finally
        {
            File.Delete(file);
        }

        Assert.Equal("bleu", (await predictor.PredictAsync(_images.Encoded[2])).Label);
        await predictor.UpdateModelAsync(transformer);
        Assert.Equal("blue", (await predictor.PredictAsync(_images.Encoded[2])).Label);
    }

    [Fact]
    public async Task A_model_that_cannot_be_loaded_changes_nothing()
    {
        using VisionPredictor predictor = _images.Gated(new VisionPredictorOptions(), out _, isOpen: true);

        await Assert.ThrowsAsync<FileNotFoundException>(() => predictor.UpdateModelAsync("/nowhere/model.zip"));
        await Assert.ThrowsAsync<ArithmeticException>(() =>
            predictor.UpdateModelAsync(() => throw new ArithmeticException(), CancellationToken.None)
        );
        using var cancellation = new CancellationTokenSource();
        GatedNetwork? network = null;
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            predictor.UpdateModelAsync(
                () =>
                {
                    cancellation.Cancel();
                    return _images.Open(_images.Second, out network);
                },
                cancellation.Token
            )
        );

        Assert.True(network!.IsDisposed);
        Assert.Equal(1, predictor.Status.ModelVersion);
        _images.Check(await predictor.PredictAsync(_images.Encoded[0]), 0);
    }

    [Fact]
    public async Task A_disposed_predictor_takes_no_model()
    {
        VisionPredictor predictor = _images.Gated(new VisionPredictorOptions(), out GatedNetwork first, isOpen: true);
        GatedNetwork? second = null;

        await Assert.ThrowsAsync<ObjectDisposedException>(() =>
            predictor.UpdateModelAsync(
                () =>
                {
                    predictor.Dispose();
                    return _images.Open(_images.Second, out second);
                },
                CancellationToken.None
            )
        );

        Assert.True(first.IsDisposed && second!.IsDisposed);
    }
}
