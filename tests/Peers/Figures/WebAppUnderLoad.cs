using System.Diagnostics;
using Microsoft.ML;
using MLNetExtensions.Peers.WebApp;
using MLNetExtensions.Serving;
using MLNetExtensions.TestData.Photos;

namespace MLNetExtensions.Peers.Figures;

/// <summary>samples/WebApp, loaded by wrk on the same machine.</summary>
internal static class WebAppUnderLoad
{
    private const int Connections = 16,
        Images = 200,
        Seconds = 60,
        Rounds = 5,
        RoundSeconds = 8;

    /// <summary>Requests a second of small images, with the small network that comes with the sample; 0 if one fails or memory grows.</summary>
    public static double? Rate()
    {
        if (!Wrk.IsThere)
            return null;
        byte[][] images = Draw(width: 64, height: 48);
        using WebAppProcess app = WebAppProcess.Start();
        Console.WriteLine($"warm: {Wrk.Run(app.Address, images, Connections, 10)}");
        var memory = new List<long>();
        using var ended = new CancellationTokenSource();
        Task watch = Task.Run(async () =>
        {
            while (!ended.IsCancellationRequested)
            {
                memory.Add(app.Memory);
                await Task.Delay(500);
            }
        });
        WebAppLoad load = Wrk.Run(app.Address, images, Connections, Seconds);
        ended.Cancel();
        watch.Wait();
        double first = memory.Take(memory.Count / 2).Max() / 1e6,
            second = memory.Skip(memory.Count / 2).Max() / 1e6;
        Console.WriteLine($"{load}; memory at most {first:F0} MB in the first half, {second:F0} MB in the second");
        return load.Errors == 0 && second <= 1.1 * first ? load.Rate : 0;
    }

    /// <summary>
    /// The part of the application's processor time that is spent outside decoding and inference: its time for a request against that of
    /// the same model's VisionPredictor, called in this process with the same images and as many callers. Processor time, because the load
    /// generator and the server share a machine. With an ImageNet ResNet-18, as for photos; printed for the small network too, whose
    /// inference takes half a millisecond.
    /// </summary>
    public static double? Overhead()
    {
        if (!Wrk.IsThere)
            return null;
        Console.WriteLine($"the small network: {Overhead("cifarnet", Draw(width: 64, height: 48)):F3}");
        return Overhead("resnet18", Draw(width: 320, height: 240));
    }

    private static double Overhead(string backbone, byte[][] images)
    {
        using WebAppProcess app = WebAppProcess.Start($"--WebApp:Backbone={backbone}");
        using VisionPredictor predictor = new MLContext().Model.CreateVisionPredictor(app.Train());
        Wrk.Run(app.Address, images, Connections, 3);
        Ask(predictor, images, seconds: 3);
        var parts = new double[Rounds];
        for (int round = 0; round < Rounds; round++)
        {
            TimeSpan before = app.ProcessorTime;
            WebAppLoad load = Wrk.Run(app.Address, images, Connections, RoundSeconds);
            double served = (app.ProcessorTime - before).TotalMilliseconds / load.Requests;
            (double rate, double alone) = Ask(predictor, images, RoundSeconds);
            parts[round] = 1 - alone / served;
            Console.WriteLine(
                $"{backbone}, round {round + 1}: {load}, {served:F3} ms of processors each; the predictor alone {rate:F0} a second, "
                    + $"{alone:F3} ms each: overhead {parts[round]:F3}"
            );
        }
        return parts.Order().ElementAt(Rounds / 2);
    }

    /// <returns>Predictions a second, and the milliseconds of processors that one takes.</returns>
    private static (double Rate, double Milliseconds) Ask(VisionPredictor predictor, byte[][] images, int seconds)
    {
        TimeSpan before = Environment.CpuUsage.TotalTime;
        var clock = Stopwatch.StartNew();
        int answers = Task.WhenAll(
                Enumerable
                    .Range(0, Connections)
                    .Select(caller =>
                        Task.Run(async () =>
                        {
                            int count = 0;
                            for (; clock.Elapsed.TotalSeconds < seconds; count++)
                                await predictor.PredictAsync(images[(caller + count) % images.Length]);
                            return count;
                        })
                    )
            )
            .Result.Sum();
        return (answers / clock.Elapsed.TotalSeconds, (Environment.CpuUsage.TotalTime - before).TotalMilliseconds / answers);
    }

    private static byte[][] Draw(int width, int height) =>
        [.. Enumerable.Range(0, Images).Select(seed => DrawnPhoto.Encode(seed, width, height))];
}
