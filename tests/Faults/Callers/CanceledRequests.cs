using System.Diagnostics;
using Microsoft.ML;
using MLNetExtensions.Faults.Formats;
using MLNetExtensions.Serving;
using MLNetExtensions.Trainers.FineTune;

namespace MLNetExtensions.Faults.Callers;

/// <summary>
/// Sixteen callers of one predictor, which cancel two thirds of their requests at random moments and take the memory back as soon as the
/// task has ended, while the model is replaced under them.
/// </summary>
internal sealed record CanceledRequests(int Count, int Canceled, int Wrong, TimeSpan Slowest)
{
    private const int Callers = 16,
        Requests = 60;

    public static CanceledRequests Run(CallerImages images, int seed)
    {
        using FineTuneTransformer transformer = SmallClassifier.Create(images.Ml, out DataViewSchema _);
        int canceled = 0,
            wrong = 0;
        long slowest = 0;
        var options = new VisionPredictorOptions { QueueCapacity = Callers, WhenFull = QueueFullMode.Wait };
        using (VisionPredictor predictor = images.Ml.Model.CreateVisionPredictor(transformer, options))
        {
            using var ended = new CancellationTokenSource();
            Task swaps = SwapAsync(predictor, transformer, ended.Token);
            Task.WhenAll(
                    Enumerable.Range(0, Callers).Select(caller => Task.Run(() => CallAsync(predictor, new Random((seed * 100) + caller))))
                )
                .GetAwaiter()
                .GetResult();
            ended.Cancel();
            swaps.GetAwaiter().GetResult();
            // No place is lost.
            wrong += predictor.Status.Requests;
        }
        return new CanceledRequests(Callers * Requests, canceled, wrong, TimeSpan.FromSeconds((double)slowest / Stopwatch.Frequency));

        async Task CallAsync(VisionPredictor predictor, Random random)
        {
            var memory = new LentMemory(1 << 16);
            for (int i = 0; i < Requests; i++)
            {
                int image = random.Next(images.Encoded.Count);
                using var cancellation = new CancellationTokenSource();
                Task<VisionPrediction> task =
                    random.Next(4) == 0
                        ? predictor.PredictAsync(images.PathOf(image), cancellation.Token)
                        : predictor.PredictAsync(memory.Lend(images.Encoded[image]), cancellation.Token);
                long at = 0;
                if (random.Next(3) > 0)
                {
                    Thread.SpinWait(random.Next(40_000));
                    at = Stopwatch.GetTimestamp();
                    cancellation.Cancel();
                }
                try
                {
                    VisionPrediction prediction = await task.ConfigureAwait(false);
                    if (!images.AreRight(image, prediction.Scores))
                        Interlocked.Increment(ref wrong);
                }
                catch (OperationCanceledException) when (at != 0)
                {
                    Interlocked.Increment(ref canceled);
                    long took = Stopwatch.GetTimestamp() - at;
                    for (long known = Volatile.Read(ref slowest); took > known; known = Volatile.Read(ref slowest))
                        Interlocked.CompareExchange(ref slowest, took, known);
                }
                memory.TakeBack();
            }
        }
    }

    private static async Task SwapAsync(VisionPredictor predictor, ITransformer model, CancellationToken ended)
    {
        while (!ended.IsCancellationRequested)
        {
            await predictor.UpdateModelAsync(model, CancellationToken.None).ConfigureAwait(false);
            await Task.Delay(5, CancellationToken.None).ConfigureAwait(false);
        }
    }
}
