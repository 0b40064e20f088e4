using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExtensions.Faults.Formats;
using MLNetExtensions.Serving;
using MLNetExtensions.Trainers.FineTune;

namespace MLNetExtensions.Faults.Callers;

/// <summary>Transformers, predictors and prediction engines that are disposed while threads use them.</summary>
internal static class DisposedModels
{
    private const int Threads = 8;

    /// <returns>The number of answers that are neither right nor an <see cref="ObjectDisposedException"/>.</returns>
    public static int Run(CallerImages images, int seed) => Transformer(images, seed) + Predictor(images, seed) + Engine(images, seed);

    private static int Transformer(CallerImages images, int seed)
    {
        FineTuneTransformer transformer = SmallClassifier.Create(images.Ml, out DataViewSchema _);
        IDataView scored = transformer.Transform(images.View());
        return UntilDisposed(
            seed,
            transformer.Dispose,
            () => scored.GetColumn<float[]>("Score").Select((scores, i) => images.AreRight(i, scores)).All(right => right)
        );
    }

    private static int Predictor(CallerImages images, int seed)
    {
        using FineTuneTransformer transformer = SmallClassifier.Create(images.Ml, out DataViewSchema _);
        VisionPredictor predictor = images.Ml.Model.CreateVisionPredictor(
            transformer,
            new VisionPredictorOptions { WhenFull = QueueFullMode.Wait }
        );
        return UntilDisposed(
            seed,
            predictor.Dispose,
            () =>
            {
                int image = Random.Shared.Next(images.Encoded.Count);
                return images.AreRight(image, predictor.PredictAsync(images.Encoded[image]).GetAwaiter().GetResult().Scores);
            }
        );
    }

    /// <summary>Each thread has its own engine; the transformer below all of them goes.</summary>
    private static int Engine(CallerImages images, int seed)
    {
        FineTuneTransformer transformer = SmallClassifier.Create(images.Ml, out DataViewSchema _);
        using var engines = new ThreadLocal<PredictionEngine<CallerImages.Row, Scored>>(() =>
            images.Ml.Model.CreatePredictionEngine<CallerImages.Row, Scored>(
                transformer,
                new PredictionEngineOptions { OwnsTransformer = false }
            )
        );
        return UntilDisposed(
            seed,
            transformer.Dispose,
            () =>
            {
                int image = Random.Shared.Next(images.Encoded.Count);
                return images.AreRight(image, engines.Value!.Predict(new CallerImages.Row { Image = images.PathOf(image) }).Score);
            }
        );
    }

    private static int UntilDisposed(int seed, Action dispose, Func<bool> use)
    {
        int wrong = 0,
            done = 0;
        Thread[] threads =
        [
            .. Enumerable
                .Range(0, Threads)
                .Select(_ => new Thread(() =>
                {
                    while (true)
                    {
                        try
                        {
                            if (!use())
                                Interlocked.Increment(ref wrong);
                            Interlocked.Increment(ref done);
                        }
                        catch (ObjectDisposedException)
                        {
                            return;
                        }
                        catch (Exception e)
                        {
                            Console.WriteLine($"after dispose: {e.GetType().Name}: {e.Message}");
                            Interlocked.Increment(ref wrong);
                            return;
                        }
                    }
                })),
        ];
        Array.ForEach(threads, thread => thread.Start());
        SpinWait.SpinUntil(() => Volatile.Read(ref done) > 0);
        Thread.SpinWait(new Random(seed).Next(200_000));
        dispose();
        foreach (Thread thread in threads)
            if (!thread.Join(TimeSpan.FromSeconds(30)))
                wrong++;
        return wrong;
    }

    private sealed class Scored
    {
        public float[] Score { get; set; } = [];
    }
}
