using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using MLNetExtensions.Onnx;
using MLNetExtensions.Onnx.Checking;
using MLNetExtensions.Onnx.Rows;
using MLNetExtensions.Sessions;

namespace MLNetExtensions.Backbones.Batching;

/// <summary>A graph in ONNX Runtime that is run on synthetic images to test its outputs.</summary>
internal sealed class GraphProbe : IDisposable
{
    // Three color images of 1,800 x 1,800.
    private const int MaxValues = 30_000_000;

    private readonly OnnxGraph _graph;
    private readonly RuntimeSession _session;
    private readonly string[] _outputs;

    private GraphProbe(OnnxGraph graph, IReadOnlyList<string> outputs, RuntimeSession session) =>
        (_graph, _outputs, _session) = (graph, [.. outputs], session);

    /// <param name="graph">The graph.</param>
    /// <param name="outputs">The values that are asked for, of any of its nodes.</param>
    /// <returns>Null if ONNX Runtime cannot load the graph.</returns>
    /// <exception cref="OnnxFormatException">The graph makes a value that is far too large.</exception>
    public static GraphProbe? TryCreate(OnnxGraph graph, IReadOnlyList<string> outputs)
    {
        OversizedValue.Check(graph);
        try
        {
            // ONNX Runtime infers the types.
            OnnxGraph asked = graph with
            {
                Outputs = [.. outputs.Select(o => new OnnxValue(o, OnnxElementType.Undefined, null))],
            };
            return new GraphProbe(
                graph,
                outputs,
                SessionOpening.OpenToExamine(
                    OnnxModelSource.OfGraph(asked),
                    options => options.LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL
                )
            );
        }
        catch (OnnxRuntimeException)
        {
            return null;
        }
    }

    /// <summary>Runs images of noise.</summary>
    /// <param name="kinds">The kinds, such as <see cref="RowProbe.Samples"/> makes them.</param>
    /// <exception cref="OnnxFormatException">The graph does not take this number at once.</exception>
    public IDisposableReadOnlyCollection<OrtValue> Run(IReadOnlyList<int> kinds)
    {
        var inputs = new List<OrtValue>();
        try
        {
            foreach ((string name, long[] shape) in BatchAxis.InputShapes(_graph, kinds.Count))
                inputs.Add(Noise(_graph.Inputs.First(i => i.Name == name).ElementType, shape, kinds));
            return _session.Run([.. _graph.Inputs.Select(i => i.Name)], inputs, _outputs);
        }
        catch (OnnxRuntimeException e)
        {
            throw new OnnxFormatException(
                $"The graph '{_graph.Name}' does not take {kinds.Count} image{(kinds.Count == 1 ? "" : "s")} at once in ONNX Runtime: "
                    + $"{e.Message}",
                e
            );
        }
        finally
        {
            inputs.ForEach(input => input.Dispose());
        }
    }

    /// <summary>The values of the outputs for each image; null if the graph does not take this number at once.</summary>
    /// <param name="kinds">As above.</param>
    public double[][][]? Values(IReadOnlyList<int> kinds)
    {
        try
        {
            using IDisposableReadOnlyCollection<OrtValue> outputs = Run(kinds);
            return [.. outputs.Select(o => Rows(o, kinds.Count))];
        }
        catch (OnnxFormatException)
        {
            return null;
        }
    }

    public void Dispose() => _session.Dispose();

    private OrtValue Noise(OnnxElementType type, long[] shape, IReadOnlyList<int> kinds) =>
        type switch
        {
            OnnxElementType.Float => Noise(v => (float)v, shape, kinds),
            OnnxElementType.Float16 => Noise(v => (Float16)(float)v, shape, kinds),
            OnnxElementType.Double => Noise(v => v, shape, kinds),
            OnnxElementType.UInt8 => Noise(v => (byte)Math.Clamp(Math.Abs(v) * 100, 0, 255), shape, kinds),
            OnnxElementType.Int64 => Noise(v => (long)v, shape, kinds),
            _ => throw new OnnxFormatException($"The graph '{_graph.Name}': an input of {type} is no image."),
        };

    private OrtValue Noise<T>(Func<double, T> convert, long[] shape, IReadOnlyList<int> kinds)
        where T : unmanaged
    {
        if (TensorCheck.CountOf(shape) is not { } count || count > MaxValues)
            throw new OnnxFormatException(
                $"The graph '{_graph.Name}' cannot be tried: {kinds.Count} of its inputs are [{string.Join(',', shape)}], over "
                    + $"{MaxValues} values."
            );
        var row = new double[count / kinds.Count];
        var values = new T[count];
        for (int image = 0; image < kinds.Count; image++)
        {
            RowProbe.Samples(kinds[image], row);
            for (int i = 0; i < row.Length; i++)
                values[(image * row.Length) + i] = convert(row[i]);
        }
        return OrtValue.CreateTensorValueFromMemory(values, shape);
    }

    private static double[][] Rows(OrtValue output, int rows)
    {
        double[] values = output.GetTensorTypeAndShape().ElementDataType switch
        {
            TensorElementType.Float => Array.ConvertAll(output.GetTensorDataAsSpan<float>().ToArray(), v => (double)v),
            TensorElementType.Float16 => Array.ConvertAll(output.GetTensorDataAsSpan<Float16>().ToArray(), v => (double)(float)v),
            TensorElementType.Double => output.GetTensorDataAsSpan<double>().ToArray(),
            TensorElementType.UInt8 => Array.ConvertAll(output.GetTensorDataAsSpan<byte>().ToArray(), v => (double)v),
            TensorElementType.Int8 => Array.ConvertAll(output.GetTensorDataAsSpan<sbyte>().ToArray(), v => (double)v),
            TensorElementType.Int32 => Array.ConvertAll(output.GetTensorDataAsSpan<int>().ToArray(), v => (double)v),
            TensorElementType.Int64 => Array.ConvertAll(output.GetTensorDataAsSpan<long>().ToArray(), v => (double)v),
            var type => throw new OnnxFormatException($"A value of {type} holds no features."),
        };
        return [.. values.Chunk(Math.Max(1, values.Length / rows))];
    }
}
