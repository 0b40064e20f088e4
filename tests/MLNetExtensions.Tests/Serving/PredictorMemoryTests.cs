using System.Diagnostics;
using Microsoft.ML;
using MLNetExtensions.Serving;
using MLNetExtensions.TestData;
using MLNetExtensions.Trainers.FineTune;
using Xunit;

namespace MLNetExtensions.Tests.Serving;

/// <summary>Measures the process: no other test may run beside it.</summary>
[Collection(Alone.Name)]
public sealed class PredictorMemoryTests : IDisposable
{
    private readonly ServedImages _images = new();

    public void Dispose() => _images.Dispose();

    [Fact]
    public async Task Thousands_of_predictions_and_a_hundred_swaps_keep_no_memory()
    {
        using FineTuneTransformer transformer = _images.Transformer();
        using VisionPredictor predictor = _images.Ml.Model.CreateVisionPredictor(
            transformer,
            new VisionPredictorOptions { SessionSettings = { Threads = 2 } }
        );
        await Work(predictions: 500, swaps: 20);
        int handles = Handles();
        long memory = Environment.WorkingSet;

        await Work(predictions: 4000, swaps: 100);

        Assert.InRange(Handles() - handles, int.MinValue, 8);
        Assert.InRange(Environment.WorkingSet - memory, long.MinValue, 40L << 20);

        async Task Work(int predictions, int swaps)
        {
            Task[] callers =
            [
                .. Enumerable
                    .Range(0, 8)
                    .Select(async caller =>
                    {
                        for (int i = 0; i < predictions / 8; i++)
                            await predictor.PredictAsync(_images.Encoded[(caller + i) % 24]);
                    }),
            ];
            for (int i = 0; i < swaps; i++)
                await predictor.UpdateModelAsync(transformer);
            await Task.WhenAll(callers);
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }
    }

    [Fact]
    public async Task Disposed_predictors_keep_no_threads()
    {
        using FineTuneTransformer transformer = _images.Transformer();
        await Use();
        int threads = Threads();

        for (int i = 0; i < 20; i++)
            await Use();

        // The pool may have grown by a few meanwhile, but not by 20 times 3.
        Assert.InRange(Threads() - threads, int.MinValue, 20);

        async Task Use()
        {
            await using VisionPredictor predictor = _images.Ml.Model.CreateVisionPredictor(
                transformer,
                new VisionPredictorOptions { SessionSettings = { Threads = 3 } }
            );
            await predictor.PredictAsync(_images.Encoded[0]);
        }

        static int Threads()
        {
            using Process process = Process.GetCurrentProcess();
            return process.Threads.Count;
        }
    }

    private static int Handles() => OperatingSystem.IsLinux() ? Directory.GetFileSystemEntries("/proc/self/fd").Length : 0;
}
