using System.Diagnostics;
using Cifar10;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExtensions.Backbones;
using MLNetExtensions.Data;
using MLNetExtensions.Imaging;
using MLNetExtensions.Onnx.Networks;
using MLNetExtensions.Onnx.Networks.Architectures;
using MLNetExtensions.Serving;
using MLNetExtensions.TestData;
using MLNetExtensions.Trainers.FineTune;
using MLNetExtensions.Trainers.TrainNetwork;
using SkiaSharp;

namespace MLNetExtensions.Peers.Figures;

/// <summary>
/// 64 callers at the same time ask for the classes of small JPEGs: a VisionPredictor against a PredictionEngine of the same saved model,
/// loaded by ML.NET, under a lock. The engine is asked in both usual ways, under a lock and behind a SemaphoreSlim; the better number of
/// the two counts. The model is the tiny one of score-tiny-vs-mlnet. Printed are also the ratios with the seed's CNN and CifarNet, where
/// ONNX Runtime's arithmetic takes most of the time in both: two processors are then all that can be won.
/// </summary>
internal static class SharedPredictor
{
    private const int Callers = 64,
        Images = 1000,
        Rounds = 5,
        OurRequests = 20_032,
        TheirRequests = 4_032;

    public static double? Measure()
    {
        var ml = new MLContext(seed: 1);
        ImageSet set = ImageSet.Read(SharedData.PathOf("data", "cifar10", "test"));
        byte[][] images = Encode(set);
        // Of a model that is served the speed is measured here, not the accuracy: a few images teach it enough to tell images apart.
        IDataView training = ml.Data.LoadFromEncodedImages(
            images.Select((p, i) => new EncodedImage(p, ImageSet.Classes[set.Labels[Index(set, i)]]))
        );
        RatioWith(
            "CifarNet",
            ml.MulticlassClassification.Trainers.FineTune(
                new FineTuneOptions
                {
                    Backbone = Backbone.FromFile(Path.Combine(SharedData.RepositoryRoot, "pretrained", "cifarnet_cifar10.onnx")),
                    Epochs = 5,
                }
            )
        );
        RatioWith("the seed's CNN", New(new SeedCnn()));
        return RatioWith("the tiny network", New(new TinyNetwork()));

        TrainNetworkEstimator New(Network network) =>
            ml.MulticlassClassification.Trainers.TrainNetwork(
                new TrainNetworkOptions
                {
                    Network = network,
                    Preprocessing = new ImagePreprocessing
                    {
                        Width = 32,
                        Height = 32,
                        CropFraction = 1,
                    },
                    Epochs = 1,
                }
            );

        double RatioWith(string name, IEstimator<ITransformer> network)
        {
            Console.WriteLine($"{name}:");
            double ratio = Compare(ml, images, training, network);
            Console.WriteLine($"ratio with {name} {ratio:F2}");
            return ratio;
        }
    }

    private static double Compare(MLContext ml, byte[][] images, IDataView training, IEstimator<ITransformer> network)
    {
        string file = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.zip");
        try
        {
            ITransformer model = ml
                .Transforms.Conversion.MapValueToKey("Label")
                .Append(network)
                .Append(ml.Transforms.Conversion.MapKeyToValue("PredictedLabel"))
                .Fit(training);
            ml.Model.Save(model, training.Schema, file);
            (model as IDisposable)?.Dispose();
            // As an application has it that predicts: without the label, which is not known.
            ITransformer loaded = new TransformerChain<ITransformer>([.. ((IEnumerable<ITransformer>)ml.Model.Load(file, out _)).Skip(1)]);
            using PredictionEngine<Photo, Answer> engine = ml.Model.CreatePredictionEngine<Photo, Answer>(loaded);
            using VisionPredictor predictor = ml.Model.CreateVisionPredictor(file);
            return Compare(images, [.. images.Select(p => engine.Predict(new Photo { Image = p }))], engine, predictor);
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static double Compare(byte[][] images, Answer[] answers, PredictionEngine<Photo, Answer> engine, VisionPredictor predictor)
    {
        int wrong = 0;
        using var turn = new SemaphoreSlim(1);
        var ratios = new double[Rounds];
        double[] ours99 = new double[Rounds],
            locked99 = new double[Rounds],
            queued99 = new double[Rounds];
        for (int round = -1; round < Rounds; round++)
        {
            Load ours = Ask(round < 0 ? 1_984 : OurRequests, async i => Check(i, await predictor.PredictAsync(images[i])));
            Load locked = Ask(
                round < 0 ? 512 : TheirRequests,
                i =>
                {
                    lock (engine)
                        engine.Predict(new Photo { Image = images[i] });
                    return Task.CompletedTask;
                }
            );
            Load queued = Ask(
                round < 0 ? 512 : TheirRequests,
                async i =>
                {
                    await turn.WaitAsync();
                    try
                    {
                        engine.Predict(new Photo { Image = images[i] });
                    }
                    finally
                    {
                        turn.Release();
                    }
                }
            );
            if (round < 0)
                continue; // warm
            Console.WriteLine($"round {round + 1}: predictor {ours}; engine under lock {locked}; engine under SemaphoreSlim {queued}");
            ratios[round] = ours.Rate / Math.Max(locked.Rate, queued.Rate);
            (ours99[round], locked99[round], queued99[round]) = (ours.P99, locked.P99, queued.P99);
        }
        double our99 = Median(ours99),
            their99 = Math.Min(Median(locked99), Median(queued99));
        Console.WriteLine($"{wrong} wrong answers in {Rounds * OurRequests}; p99 {our99:F1} ms, the engine's {their99:F1} ms");
        return wrong == 0 && our99 <= their99 ? Median(ratios) : 0;

        void Check(int image, VisionPrediction prediction)
        {
            Answer expected = answers[image];
            bool isRight = prediction.Label == expected.PredictedLabel;
            for (int i = 0; i < expected.Score.Length; i++)
                isRight &= Math.Abs(prediction.Scores[i] - expected.Score[i]) < 1e-5f;
            if (!isRight)
                Interlocked.Increment(ref wrong);
        }
    }

    /// <summary>
    /// Callers as the clients of a server: each sends its next request when it has its answer, and a request waits for its turn in the
    /// thread pool first.
    /// </summary>
    private static Load Ask(int requests, Func<int, Task> ask)
    {
        var latencies = new double[requests];
        long started = Stopwatch.GetTimestamp();
        Task.WaitAll([
            .. Enumerable
                .Range(0, Callers)
                .Select(caller =>
                    Task.Run(async () =>
                    {
                        long asked = started;
                        for (int i = caller; i < requests; i += Callers)
                        {
                            await Task.Factory.StartNew(
                                static () => { },
                                CancellationToken.None,
                                TaskCreationOptions.PreferFairness,
                                TaskScheduler.Default
                            );
                            await ask(i * 7 % Images);
                            latencies[i] = Stopwatch.GetElapsedTime(asked).TotalMilliseconds;
                            asked = Stopwatch.GetTimestamp();
                        }
                    })
                ),
        ]);
        return Load.Of(latencies, Stopwatch.GetElapsedTime(started));
    }

    private static double Median(double[] values) => values.Order().ElementAt(values.Length / 2);

    private static int Index(ImageSet set, int image) => image * (set.Count / Images);

    private static byte[][] Encode(ImageSet set)
    {
        var encoded = new byte[Images][];
        for (int i = 0; i < Images; i++)
        {
            ReadOnlySpan<byte> planes = set.Pixels.AsSpan(Index(set, i) * ImageSet.Size, ImageSet.Size);
            using var bitmap = new SKBitmap(new SKImageInfo(ImageSet.Side, ImageSet.Side, SKColorType.Bgra8888, SKAlphaType.Opaque));
            for (int p = 0; p < 1024; p++)
                bitmap.SetPixel(p % ImageSet.Side, p / ImageSet.Side, new SKColor(planes[p], planes[1024 + p], planes[2048 + p]));
            using SKData data = bitmap.Encode(SKEncodedImageFormat.Jpeg, 95);
            encoded[i] = data.ToArray();
        }
        return encoded;
    }

    /// <summary>What callers saw.</summary>
    /// <param name="Rate">Requests a second.</param>
    /// <param name="P99">The time in milliseconds within which 99 % were answered.</param>
    private sealed record Load(double Rate, double P99)
    {
        public static Load Of(double[] latencies, TimeSpan time)
        {
            Array.Sort(latencies);
            return new Load(latencies.Length / time.TotalSeconds, latencies[(int)(latencies.Length * 0.99)]);
        }

        public override string ToString() => $"{Rate:F0} a second (p99 {P99:F1} ms)";
    }

    private sealed class Photo
    {
        public byte[] Image { get; set; } = [];
    }

    private sealed class Answer
    {
        public string PredictedLabel { get; set; } = "";

        public float[] Score { get; set; } = [];
    }
}
