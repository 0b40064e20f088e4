using System.Numerics.Tensors;
using MLNetExtensions.Compression.Evaluation;
using MLNetExtensions.Compression.Quantization.Calibration;
using MLNetExtensions.Onnx;

namespace MLNetExtensions.Compression.Quantization;

/// <summary>
/// The statistics of the values inside a model for calibration rows: their ranges, and the mean and largest magnitude of each channel.
/// </summary>
internal sealed class CalibrationRun
{
    /// <summary>The memory limit for the values of a batch.</summary>
    private const long MaxBatchBytes = 256L << 20;

    private const int MaxBatch = 64;

    private readonly Dictionary<string, ValueHistogram> _histograms;
    private readonly Dictionary<string, ChannelMeans> _means;

    /// <param name="run">The call.</param>
    /// <param name="graph">The model in float.</param>
    /// <param name="values">The values whose ranges are wanted.</param>
    /// <param name="inputs">The values whose means are wanted, and along which axis their channels lie.</param>
    /// <param name="rows">The rows.</param>
    /// <param name="counts">True if values are counted by size.</param>
    public CalibrationRun(
        CompressionRun run,
        OnnxGraph graph,
        IReadOnlyCollection<string> values,
        IReadOnlyDictionary<string, int> inputs,
        ModelRows rows,
        bool counts
    )
    {
        _histograms = values.ToDictionary(v => v, _ => new ValueHistogram());
        _means = inputs.ToDictionary(i => i.Key, i => new ChannelMeans(i.Value));
        string[] looked = [.. values.Union(inputs.Keys)];
        HashSet<string> given = [.. graph.Inputs.Select(i => i.Name)];
        string[] computed = [.. looked.Where(v => !given.Contains(v))];
        HashSet<string> outputs = [.. graph.Outputs.Select(o => o.Name)];
        OnnxGraph shown = graph with
        {
            Outputs =
            [
                .. graph.Outputs,
                .. computed.Where(v => !outputs.Contains(v)).Select(v => new OnnxValue(v, OnnxElementType.Float, null)),
            ],
        };
        using var session = new GraphSession(run, shown, computed);

        int batch = BatchSize(session, rows);
        Pass(
            (name, shape, data) =>
            {
                _histograms.GetValueOrDefault(name)?.Extend(data, name);
                _means.GetValueOrDefault(name)?.Add(shape, data);
            }
        );
        if (counts)
            Pass((name, _, data) => _histograms.GetValueOrDefault(name)?.Add(data));

        void Pass(LookAt look)
        {
            foreach ((int[] numbers, Memory<float>[] data) in rows.Batches(batch))
            {
                run.ThrowIfCanceled();
                for (int i = 0; i < graph.Inputs.Count; i++)
                    look(graph.Inputs[i].Name, session.ShapeOf(i, data[i].Length, numbers.Length), data[i].Span);
                session.Run(data, numbers.Length, (output, shape, floats) => look(computed[output], shape, floats));
            }
        }
    }

    private delegate void LookAt(string name, ReadOnlySpan<long> shape, ReadOnlySpan<float> data);

    /// <summary>The values that a place takes.</summary>
    public ValueHistogram Values(string name) => _histograms[name];

    /// <summary>The mean of each channel of a value.</summary>
    public double[] Means(string name) => _means[name].Means;

    /// <summary>The largest size in each channel of a value whose means were wanted.</summary>
    public float[] Largest(string name) => _means[name].Largest;

    private static int BatchSize(GraphSession session, ModelRows rows)
    {
        long bytes = 0;
        (int[] first, Memory<float>[] inputs) = rows.Batches(1).First();
        session.Run(inputs, first.Length, (_, _, data) => bytes += (long)sizeof(float) * data.Length);
        return (int)Math.Clamp(MaxBatchBytes / Math.Max(1, bytes), 1, MaxBatch);
    }

    /// <summary>Sums and largest sizes of each channel over rows and places.</summary>
    private sealed class ChannelMeans(int axis)
    {
        private double[] _sums = [];
        private float[] _largest = [];
        private long _count;

        public double[] Means => [.. _sums.Select(s => s / _count)];

        public float[] Largest => _largest;

        public void Add(ReadOnlySpan<long> shape, ReadOnlySpan<float> data)
        {
            int from = axis < 0 ? axis + shape.Length : axis;
            int channels = (int)shape[from],
                inner = 1;
            foreach (long size in shape[(from + 1)..])
                inner *= (int)size;
            if (_sums.Length == 0)
                (_sums, _largest) = (new double[channels], new float[channels]);
            int outer = data.Length / channels / inner;
            for (int o = 0; o < outer; o++)
            for (int c = 0; c < channels; c++)
            {
                ReadOnlySpan<float> values = data.Slice((o * channels + c) * inner, inner);
                _sums[c] += TensorPrimitives.Sum(values);
                _largest[c] = Math.Max(_largest[c], Math.Abs(TensorPrimitives.MaxMagnitude(values)));
            }
            _count += (long)outer * inner;
        }
    }
}
