using Microsoft.ML.OnnxRuntime;
using MLNetExtensions.Onnx;
using MLNetExtensions.Sessions;

namespace MLNetExtensions.Compression.Evaluation;

/// <summary>An ONNX Runtime session on a graph of float inputs, some of whose values are looked at.</summary>
internal sealed class GraphSession : IDisposable
{
    private readonly RuntimeSession _session;
    private readonly string[] _inputs;
    private readonly long[][] _shapes;
    private readonly string[] _outputs;
    private readonly int? _fixedBatch;

    /// <summary>Loads a graph.</summary>
    /// <param name="run">The call.</param>
    /// <param name="graph">The graph.</param>
    /// <param name="outputs">The outputs to look at, in this order.</param>
    /// <exception cref="OnnxFormatException">ONNX Runtime cannot load the graph.</exception>
    public GraphSession(CompressionRun run, OnnxGraph graph, IReadOnlyList<string> outputs)
    {
        _inputs = [.. graph.Inputs.Select(i => i.Name)];
        _shapes = [.. graph.Inputs.Select(i => i.Shape?.Skip(1).Select(d => d.Size ?? -1).ToArray() ?? [-1])];
        _outputs = [.. outputs];
        _fixedBatch = (int?)graph.Inputs.FirstOrDefault()?.Shape?.FirstOrDefault().Size;
        _session = SessionOpening.Open(run.Context, OnnxModelSource.OfGraph(graph), new OnnxSessionSettings(), run.Threads);
    }

    /// <summary>Looks at an output's values.</summary>
    /// <param name="output">The index of the output.</param>
    /// <param name="shape">Its shape, the batch first.</param>
    /// <param name="values">Its values; valid during the call.</param>
    public delegate void Look(int output, ReadOnlySpan<long> shape, ReadOnlySpan<float> values);

    /// <summary>Runs rows, in parts where the graph is fixed to a number of them.</summary>
    /// <param name="inputs">The values of each input, rows after one another.</param>
    /// <param name="count">The number of rows.</param>
    /// <param name="look">Called for each output of each part, in order.</param>
    public void Run(IReadOnlyList<Memory<float>> inputs, int count, Look look)
    {
        if (_outputs.Length == 0)
            return;
        int part = _fixedBatch ?? count;
        for (int start = 0; start < count; start += part)
        {
            int rows = Math.Min(part, count - start);
            Memory<float>[] slices = [.. inputs.Select(i => i.Slice(i.Length / count * start, i.Length / count * rows))];
            if (rows < part)
                slices = [.. slices.Select(slice => Pad(slice, slice.Length / rows * part))];
            RunPart(slices, part, rows, look);
        }
    }

    /// <summary>The shape of an input with a number of rows and values: one open size follows from them.</summary>
    public long[] ShapeOf(int input, long values, int count)
    {
        long known = _shapes[input].Where(d => d > 0).Aggregate((long)count, (product, size) => product * size);
        return [count, .. _shapes[input].Select(d => d > 0 ? d : values / known)];
    }

    public void Dispose() => _session.Dispose();

    private void RunPart(Memory<float>[] inputs, int part, int rows, Look look)
    {
        OrtValue[] values =
        [
            .. inputs.Select(
                (memory, i) => OrtValue.CreateTensorValueFromMemory(OrtMemoryInfo.DefaultInstance, memory, ShapeOf(i, memory.Length, part))
            ),
        ];
        try
        {
            using IDisposableReadOnlyCollection<OrtValue> results = _session.Run(_inputs, values, _outputs);
            for (int i = 0; i < results.Count; i++)
            {
                long[] shape = results[i].GetTensorTypeAndShape().Shape;
                ReadOnlySpan<float> data = results[i].GetTensorDataAsSpan<float>();
                if (rows < part && shape[0] == part)
                {
                    data = data[..(data.Length / part * rows)];
                    shape[0] = rows;
                }
                look(i, shape, data);
            }
        }
        finally
        {
            foreach (OrtValue value in values)
                value.Dispose();
        }
    }

    private static float[] Pad(Memory<float> rows, int length)
    {
        float[] padded = new float[length];
        rows.CopyTo(padded);
        return padded;
    }
}
