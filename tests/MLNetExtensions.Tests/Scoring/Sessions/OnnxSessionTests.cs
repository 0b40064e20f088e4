using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExtensions.Scoring.Sessions;
using MLNetExtensions.Sessions;
using MLNetExtensions.TestData.Graphs;
using MLNetExtensions.Tests.Trainers;
using MLNetExtensions.Trainers.FineTune;
using Xunit;

namespace MLNetExtensions.Tests.Scoring.Sessions;

public sealed class OnnxSessionTests
{
    private readonly MLContext _ml = new(seed: 1);

    [Fact]
    public void What_runs_comes_to_its_end_and_nothing_begins_after_dispose()
    {
        OnnxSession session = OnnxSession.Open(_ml, OnnxModelSource.OfGraph(SmallModels.ChannelMeans(4, 4)));
        using (SessionLease lease = session.Lease())
        {
            session.Dispose();
            session.Dispose();

            // Freed memory ends the process here.
            using var outputs = lease.Session.Try(
                lease.Session.InputNames,
                [Microsoft.ML.OnnxRuntime.OrtValue.CreateTensorValueFromMemory(new float[48], [1, 3, 4, 4])],
                lease.Session.OutputNames
            );
            Assert.Single(outputs);
            Assert.Throws<ObjectDisposedException>(() => session.Lease());
        }
        Assert.Throws<ObjectDisposedException>(() => session.Lease());
    }

    [Fact]
    public async Task A_transformer_is_disposed_while_threads_score()
    {
        using var images = new ColorImages(8);
        IDataView view = images.Bytes(_ml);
        for (int round = 0; round < 6; round++)
        {
            FineTuneTransformer transformer = TinyClassifier.Transformer(_ml, view.Schema);
            IDataView scored = transformer.Transform(view);
            float[][] expected = [.. scored.GetColumn<float[]>("Score")];
            int ready = 0;
            Task<int>[] scorers =
            [
                .. Enumerable
                    .Range(0, 4)
                    .Select(_ =>
                        Task.Run(() =>
                        {
                            for (int passes = 0; ; passes++)
                            {
                                try
                                {
                                    float[][] scores = [.. scored.GetColumn<float[]>("Score")];
                                    Assert.Equal(expected.SelectMany(s => s), scores.SelectMany(s => s), (a, b) => Math.Abs(a - b) < 1e-5f);
                                    Interlocked.Increment(ref ready);
                                }
                                catch (ObjectDisposedException)
                                {
                                    return passes;
                                }
                            }
                        })
                    ),
            ];
            Assert.True(SpinWait.SpinUntil(() => Volatile.Read(ref ready) > round, TimeSpan.FromSeconds(60)));

            transformer.Dispose();

            await Task.WhenAll(scorers).WaitAsync(TimeSpan.FromSeconds(60));
        }
    }

    [Fact]
    public async Task A_prediction_engine_of_several_threads_says_so()
    {
        using var images = new ColorImages(8);
        using FineTuneTransformer transformer = TinyClassifier.Transformer(_ml, images.Bytes(_ml).Schema);
        using var engine = _ml.Model.CreatePredictionEngine<Photo, Scored>(
            transformer,
            new PredictionEngineOptions { OwnsTransformer = false }
        );
        byte[] photo = File.ReadAllBytes(images.Rows[0].Image);

        Exception?[] errors = await Task.WhenAll(
                Enumerable
                    .Range(0, 8)
                    .Select(_ =>
                        Task.Run(() =>
                        {
                            for (int i = 0; i < 200; i++)
                                if (Record.Exception(() => engine.Predict(new Photo { Image = photo })) is { } error)
                                    return error;
                            return null;
                        })
                    )
            )
            .WaitAsync(TimeSpan.FromSeconds(60));

        Assert.All(
            errors.OfType<Exception>(),
            error =>
            {
                Assert.IsType<InvalidOperationException>(error);
                Assert.StartsWith("One PredictionEngine", error.Message, StringComparison.Ordinal);
            }
        );
        Assert.Equal(3, engine.Predict(new Photo { Image = photo }).Score.Length);
    }

    private sealed class Photo
    {
        public byte[] Image { get; set; } = [];
    }

    private sealed class Scored
    {
        public float[] Score { get; set; } = [];
    }
}
