using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExtensions.Faults.Formats;
using MLNetExtensions.Imaging;
using MLNetExtensions.Imaging.Augmentations;
using MLNetExtensions.Imaging.Decoding;
using MLNetExtensions.Onnx;
using MLNetExtensions.Onnx.Checking;
using MLNetExtensions.Trainers.FineTune;

namespace MLNetExtensions.Faults.Callers;

/// <summary>What is documented as thread-safe, from sixteen threads at a time: each gets what one alone gets.</summary>
internal static class SharedObjects
{
    private const int Threads = 16;

    /// <returns>The number of threads that got something else.</returns>
    public static int Run(CallerImages images, int seed)
    {
        using FineTuneTransformer transformer = SmallClassifier.Create(images.Ml, out DataViewSchema _);
        IDataView view = images.View();
        RasterImage image = RasterImage.Decode(images.Encoded[0]);
        Augmentation policy = Augment.Standard();
        OnnxGraph graph = transformer.Model;
        var preprocessing = new ImagePreprocessing { Width = 16, Height = 16 };
        using var decoder = new ImageDecoder(preprocessing);
        return All(() => transformer.Transform(view).GetColumn<float[]>("Score").SelectMany(s => s).Select(v => MathF.Round(v, 4)))
            + All(() => policy.Apply(image, seed).Planes.ToArray())
            + All(() => images.Encoded.SelectMany(e => RasterImage.Decode(e).Planes.ToArray()))
            + All(() => RasterImage.Load(images.PathOf(0), preprocessing).ToTensor(preprocessing))
            + All(() => graph.ToBytes())
            + All(() => graph.Check().Select(p => p.ToString()))
            + All(() =>
            {
                byte[] canvas = new byte[decoder.CanvasBytes];
                decoder.DecodeBytes(images.Encoded[1], canvas);
                return canvas;
            })
            + All(() =>
            {
                string file = Path.GetTempFileName();
                try
                {
                    transformer.ExportOnnx(file);
                    return File.ReadAllBytes(file);
                }
                finally
                {
                    File.Delete(file);
                }
            });
    }

    private static int All<T>(Func<IEnumerable<T>> read)
    {
        T[] expected = [.. read()];
        int wrong = 0;
        Thread[] threads =
        [
            .. Enumerable
                .Range(0, Threads)
                .Select(_ => new Thread(() =>
                {
                    try
                    {
                        if (!read().SequenceEqual(expected))
                            Interlocked.Increment(ref wrong);
                    }
                    catch (Exception e)
                    {
                        Console.WriteLine($"shared: {e}");
                        Interlocked.Increment(ref wrong);
                    }
                })),
        ];
        Array.ForEach(threads, thread => thread.Start());
        Array.ForEach(threads, thread => thread.Join());
        return wrong;
    }
}
