using Microsoft.ML;
using Microsoft.ML.OnnxRuntime;
using MLNetExtensions.Data;
using MLNetExtensions.Imaging;
using MLNetExtensions.Imaging.Decoding;
using MLNetExtensions.Onnx;
using MLNetExtensions.Onnx.Surgery;
using MLNetExtensions.Sessions;

namespace MLNetExtensions.Backbones.Comparing;

/// <summary>
/// Runs a backbone over some labeled images, prepared in several ways, and compares how its features separate the classes.
/// </summary>
internal static class PreprocessingTrial
{
    private const int BatchSize = 16;

    // Labels beyond are not looked at.
    private const int MostRows = 100_000;

    /// <summary>Compares the ways on some images of a view, best first.</summary>
    /// <param name="context">Opens the session.</param>
    /// <param name="backbone">The network.</param>
    /// <param name="cut">The network up to its features, as <see cref="BackboneCut"/> makes it.</param>
    /// <param name="data">The view.</param>
    /// <param name="columns">Its columns of images and classes.</param>
    /// <param name="most">The most images.</param>
    /// <param name="cancellation">Ends the comparison.</param>
    /// <returns>Null if there are not two classes with two images each.</returns>
    public static IReadOnlyList<PreprocessingComparison>? Compare(
        MLContext context,
        Backbone backbone,
        OnnxGraph cut,
        IDataView data,
        ImageRowsOptions columns,
        int most,
        CancellationToken cancellation
    )
    {
        using var decoder = new ImageDecoder(backbone.Preprocessing);
        HashSet<long> chosen = Choose(data, decoder, columns, most, cancellation);
        var images = new List<byte[]>();
        var classes = new List<int>();
        // An invalid image is an error of training, which comes later.
        var reader = new ImageRows(data, decoder, columns with { ReadsImage = chosen.Contains, MaxInvalidImages = int.MaxValue });
        foreach (ImageBatch batch in reader.ReadBatches(BatchSize, cancellation))
        {
            for (int i = 0; i < batch.Count; i++)
            {
                var image = new byte[decoder.InputBytes];
                decoder.CropCenter(batch.Pixels.Slice(i * decoder.CanvasBytes, decoder.CanvasBytes), image);
                images.Add(image);
                classes.Add(batch.Labels[i]);
            }
            if (images.Count == chosen.Count)
                break;
        }
        return classes.CountBy(c => c).Count(c => c.Value > 1) > 1
            ? Compare(context, backbone, cut, images, [.. classes], cancellation)
            : null;
    }

    /// <summary>The rows to look at: of each class in turn, so that a view that is sorted by class shows all.</summary>
    private static HashSet<long> Choose(
        IDataView data,
        ImageDecoder decoder,
        ImageRowsOptions columns,
        int most,
        CancellationToken cancellation
    )
    {
        var byClass = new SortedDictionary<int, List<long>>();
        int seen = 0;
        var reader = new ImageRows(
            data,
            decoder,
            columns with
            {
                ReadsImage = _ => false,
                RowRead = row =>
                {
                    seen++;
                    if (row.Label < 0)
                        return;
                    if (!byClass.TryGetValue(row.Label, out List<long>? rows))
                        byClass.Add(row.Label, rows = []);
                    if (rows.Count < most && seen < MostRows)
                        rows.Add(row.Row);
                },
            }
        );
        foreach (ImageBatch _ in reader.ReadBatches(BatchSize, cancellation))
            continue;
        var chosen = new HashSet<long>();
        for (int turn = 0; chosen.Count < most && byClass.Values.Any(rows => rows.Count > turn); turn++)
            foreach (List<long> rows in byClass.Values.Where(rows => rows.Count > turn))
                if (chosen.Count < most)
                    chosen.Add(rows[turn]);
        return chosen;
    }

    /// <summary>Compares the ways, best first.</summary>
    /// <param name="context">Opens the session.</param>
    /// <param name="backbone">The network.</param>
    /// <param name="cut">The network up to its features, as <see cref="BackboneCut"/> makes it.</param>
    /// <param name="images">Planar bytes of each image, of the network's size.</param>
    /// <param name="classes">The class of each image.</param>
    /// <param name="cancellation">Ends the comparison.</param>
    private static IReadOnlyList<PreprocessingComparison> Compare(
        MLContext context,
        Backbone backbone,
        OnnxGraph cut,
        IReadOnlyList<byte[]> images,
        int[] classes,
        CancellationToken cancellation
    )
    {
        ImagePreprocessing own = backbone.Preprocessing;
        int channels = own.ChannelCount;
        ImagePreprocessing plain = own.WithRawPixels() with { Channels = ImagePreprocessing.OrderOf(channels) };
        const string pixels = StepList.Prefix + "compared";
        OnnxGraph graph = BatchAxis.State(PreprocessingGraph.Prepend(cut, plain, cropInGraph: false, pixels), BatchAxis.CountOf(cut));
        using RuntimeSession session = SessionOpening.Open(
            context,
            OnnxModelSource.OfGraph(graph),
            new OnnxSessionSettings(),
            Environment.ProcessorCount
        );
        var compared = new List<PreprocessingComparison>();
        foreach ((string name, ImagePreprocessing way) in PreprocessingCandidates.Of(own))
        {
            float[][] features = Features(way);
            compared.Add(
                new PreprocessingComparison(name, way, ClassSeparation.Accuracy(features, classes), IsAssumed: compared.Count == 0)
            );
        }
        return [.. compared.OrderByDescending(c => c.Accuracy)];

        float[][] Features(ImagePreprocessing way)
        {
            var features = new List<float[]>(images.Count);
            int size = images[0].Length,
                atOnce = BatchAxis.IsOne(cut) ? 1 : BatchSize;
            for (int first = 0; first < images.Count; first += atOnce)
            {
                cancellation.ThrowIfCancellationRequested();
                int count = Math.Min(atOnce, images.Count - first);
                var values = new float[count * size];
                for (int i = 0; i < count; i++)
                    Prepare(images[first + i], values.AsSpan(i * size, size), way);
                using OrtValue input = OrtValue.CreateTensorValueFromMemory(
                    OrtMemoryInfo.DefaultInstance,
                    values.AsMemory(),
                    [count, channels, own.Height, own.Width]
                );
                using IDisposableReadOnlyCollection<OrtValue> outputs = session.Run([pixels], [input], [graph.Outputs[0].Name]);
                features.AddRange(
                    outputs[0].GetTensorDataAsSpan<float>().ToArray().Chunk((int)outputs[0].GetTensorTypeAndShape().ElementCount / count)
                );
            }
            return [.. features];
        }
    }

    private static void Prepare(byte[] image, Span<float> values, ImagePreprocessing way)
    {
        ReadOnlySpan<int> order = way.PlaneOrder;
        int plane = values.Length / order.Length;
        for (int c = 0; c < order.Length; c++)
        {
            float factor = way.Scale / way.StandardDeviation[c],
                offset = -way.Mean[c] / way.StandardDeviation[c];
            ReadOnlySpan<byte> from = image.AsSpan(order[c] * plane, plane);
            Span<float> to = values.Slice(c * plane, plane);
            for (int i = 0; i < plane; i++)
                to[i] = from[i] * factor + offset;
        }
    }
}
