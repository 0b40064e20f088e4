using System.Buffers.Binary;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExtensions.Faults.Formats;
using MLNetExtensions.Imaging;
using MLNetExtensions.Imaging.Augmentations;
using MLNetExtensions.Imaging.Decoding;
using MLNetExtensions.Onnx;
using MLNetExtensions.Onnx.Checking;
using MLNetExtensions.Scoring.ScoreOnnx;
using MLNetExtensions.Scoring.Sessions;
using MLNetExtensions.Trainers.FineTune;
using MLNetExtensions.Training.TensorBoard;

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
        using OnnxSession session = images.Ml.Model.OpenOnnx(images.ModelFile);
        using ScoreOnnxTransformer step = MakeStep(images, session, view);
        using ScoreOnnxTransformer other = MakeStep(images, session, view);
        string output = graph.Outputs[0].Name;
        return Board(images.Folder)
            + All(() => step.Transform(view).GetColumn<float[]>(output).SelectMany(s => s).Select(v => MathF.Round(v, 4)))
            + All(() => other.Transform(view).GetColumn<float[]>(output).SelectMany(s => s).Select(v => MathF.Round(v, 4)))
            + All(() => transformer.Transform(view).GetColumn<float[]>("Score").SelectMany(s => s).Select(v => MathF.Round(v, 4)))
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

    /// <summary>A step of its own, over a session that others have too.</summary>
    private static ScoreOnnxTransformer MakeStep(CallerImages images, OnnxSession session, IDataView view) =>
        images
            .Ml.Transforms.ScoreOnnx(new ScoreOnnxOptions { Session = session, Inputs = [new OnnxInput { ColumnName = "Image" }] })
            .Fit(view);

    /// <summary>One writer of TensorBoard: all events are there, none within another.</summary>
    private static int Board(string folder)
    {
        string file;
        using (var board = new TensorBoardWriter(folder))
        {
            file = board.Path;
            Thread[] threads =
            [
                .. Enumerable
                    .Range(0, Threads)
                    .Select(thread => new Thread(() =>
                    {
                        for (int step = 0; step < 100; step++)
                            board.AddScalar($"loss/{thread:00}", step, step);
                    })),
            ];
            Array.ForEach(threads, thread => thread.Start());
            Array.ForEach(threads, thread => thread.Join());
        }
        byte[] events = File.ReadAllBytes(file);
        int found = 0;
        for (int at = 0; at < events.Length; at += 16 + (int)BinaryPrimitives.ReadInt64LittleEndian(events.AsSpan(at)))
            found++;
        return Math.Abs(found - 1 - (100 * Threads));
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
