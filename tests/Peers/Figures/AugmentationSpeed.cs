using System.Diagnostics;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;
using MLNetExtensions.Imaging;
using MLNetExtensions.Imaging.Augmentations;
using MLNetExtensions.Imaging.Augmentations.Engine;
using MLNetExtensions.Imaging.Augmentations.Operations;
using MLNetExtensions.Imaging.Decoding;
using MLNetExtensions.Imaging.Pixels;
using MLNetExtensions.TestData;

namespace MLNetExtensions.Peers.Figures;

/// <summary>Images a second on one core: the flowers photos, of 354 x 278 pixels on average, to 224 x 224.</summary>
internal static class AugmentationSpeed
{
    private const int Size = 224,
        Rounds = 7;

    private static readonly Augmentation Policy = Augment.Compose(new RandomResizedCrop(), new HorizontalFlip(), new ColorJitter());

    private static readonly ImagePreprocessing Preprocessing = new() { Width = Size, Height = Size };

    private static string[] Files { get; } =
    [.. Directory.EnumerateFiles(SharedData.PathOf("data", "flowers"), "*.jpg", SearchOption.AllDirectories).Order(StringComparer.Ordinal)];

    /// <summary>File to normalized floats: torchvision's time / ours.</summary>
    public static double? Throughput()
    {
        OneCore();
        using var peer = new PythonPeer("augment.py", Files);
        var augmenter = new EncodedImageAugmenter(Policy, Size, Size, seed: 1);
        float[] target = new float[augmenter.OutputSize];
        int epoch = 0;
        return 1
            / Ratio(
                () => Time(Files.Length, i => augmenter.ApplyFile(Files[i], epoch, i, Preprocessing, target), () => epoch++),
                () => peer.AskNumber("full 100")
            );
    }

    /// <summary>Decoded image to augmented image: torchvision's time / ours.</summary>
    public static double? Alone()
    {
        OneCore();
        using var peer = new PythonPeer("augment.py", Files);
        (byte[] Planes, int Width, int Height)[] images = [.. Files.Select(Decode)];
        var plan = new AugmentationPlan();
        var work = new WorkingImage();
        byte[] target = new byte[3 * Size * Size];
        int epoch = 0;
        return 1
            / Ratio(
                () =>
                    Time(
                        images.Length,
                        i =>
                        {
                            (byte[] planes, int width, int height) = images[i];
                            plan.Begin(width, height, Size, Size);
                            Policy.Draw(DrawKey.For(1, epoch, i), plan);
                            plan.End();
                            work.Run(plan, planes, width, height).CopyTo(target);
                        },
                        () => epoch++
                    ),
                () => peer.AskNumber("alone 100")
            );
    }

    /// <summary>File to resized, normalized floats: the time of ML.NET's LoadImages, ResizeImages and ExtractPixels / ours.</summary>
    public static double? DecodeResize()
    {
        OneCore();
        var ml = new MLContext(1);
        IDataView files = ml.Data.LoadFromEnumerable(Files.Select(file => new ImageFile { Path = file }));
        IEstimator<ITransformer> pipeline = ml
            .Transforms.LoadImages("Image", "", "Path")
            .Append(ml.Transforms.ResizeImages("Image", Size, Size, resizing: ImageResizingEstimator.ResizingKind.IsoCrop))
            .Append(ml.Transforms.ExtractPixels("Pixels", "Image", offsetImage: 117, scaleImage: 1 / 58f));
        IDataView pixels = pipeline.Fit(files).Transform(files);
        DataViewSchema.Column column = pixels.Schema["Pixels"];
        var augmenter = new EncodedImageAugmenter(new CenterCrop(), Size, Size, seed: 1);
        float[] target = new float[augmenter.OutputSize];
        return 1 / Ratio(() => Time(Files.Length, i => augmenter.ApplyFile(Files[i], 0, i, Preprocessing, target), () => { }), Peer);

        double Peer()
        {
            long started = Stopwatch.GetTimestamp();
            using DataViewRowCursor cursor = pixels.GetRowCursor([column]);
            ValueGetter<VBuffer<float>> getter = cursor.GetGetter<VBuffer<float>>(column);
            VBuffer<float> buffer = default;
            while (cursor.MoveNext())
                getter(ref buffer);
            return Stopwatch.GetElapsedTime(started).TotalSeconds / Files.Length;
        }
    }

    /// <summary>File to normalized floats: images a second on two cores / on one.</summary>
    public static double? Scaling()
    {
        if (Environment.ProcessorCount < 2)
            return null;
        var augmenter = new EncodedImageAugmenter(Policy, Size, Size, seed: 1);
        int epoch = 0;
        Run(2);
        Run(1);
        return Ratio(() => Run(1), () => Run(2));

        double Run(int threads)
        {
            const int passes = 3;
            long started = Stopwatch.GetTimestamp();
            int next = -1;
            Thread[] workers =
            [
                .. Enumerable
                    .Range(0, threads)
                    .Select(_ => new Thread(() =>
                    {
                        float[] target = new float[augmenter.OutputSize];
                        for (int i = Interlocked.Increment(ref next); i < passes * Files.Length; i = Interlocked.Increment(ref next))
                            augmenter.ApplyFile(Files[i % Files.Length], epoch, i, Preprocessing, target);
                    })),
            ];
            foreach (Thread worker in workers)
                worker.Start();
            foreach (Thread worker in workers)
                worker.Join();
            epoch++;
            return Stopwatch.GetElapsedTime(started).TotalSeconds / (passes * Files.Length);
        }
    }

    /// <summary>Warms up, then lets both take turns. On one core the JIT's last, profiled versions come late: it shares the core.</summary>
    private static double Ratio(Func<double> ours, Func<double> theirs)
    {
        for (int i = 0; i < 20; i++)
            ours();
        theirs();
        return PairedTimes.Ratio(ours, theirs, Rounds);
    }

    private static double Time(int count, Action<int> one, Action next)
    {
        long started = Stopwatch.GetTimestamp();
        for (int i = 0; i < count; i++)
            one(i);
        next();
        return Stopwatch.GetElapsedTime(started).TotalSeconds / count;
    }

    private static unsafe (byte[] Planes, int Width, int Height) Decode(string file)
    {
        byte[] bytes = File.ReadAllBytes(file);
        using var data = SkiaSharp.SKData.CreateCopy(bytes);
        using SkiaSharp.SKCodec codec = PixelDecoder.Open(data, ImageDecoder.DefaultMaxPixels, -1, file);
        ReadOnlySpan<byte> pixels = new PixelDecoder().Decode(codec, bytes, -1, file, out SkiaSharp.SKImageInfo info);
        byte[] planes = new byte[3 * info.Width * info.Height];
        PlanarPixels.FromBgra(pixels, planes);
        return (planes, info.Width, info.Height);
    }

    /// <summary>Keeps this thread, and the peer that it starts, on one core.</summary>
    private static void OneCore()
    {
        if (OperatingSystem.IsLinux() || OperatingSystem.IsWindows())
            Process.GetCurrentProcess().ProcessorAffinity = 1;
    }

    private sealed class ImageFile
    {
        public string Path { get; set; } = "";
    }
}
