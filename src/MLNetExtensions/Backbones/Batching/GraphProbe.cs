using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using MLNetExtensions.Onnx;
using MLNetExtensions.Onnx.Rows;
using MLNetExtensions.Sessions;

namespace MLNetExtensions.Backbones.Batching;

/// <summary>A graph in ONNX Runtime that is run on synthetic images to test its outputs.</summary>
internal sealed class GraphProbe : IDisposable
{
    private readonly OnnxGraph _graph;
    private readonly RuntimeSession _session;
    private readonly string[] _outputs;

    private GraphProbe(OnnxGraph graph, IReadOnlyList<string> outputs, RuntimeSession session) =>
        (_graph, _outputs, _session) = (graph, [.. outputs], session);

    /// <param name="graph">The graph.</param>
    /// <param name="outputs">The values that are asked for, of any of its nodes.</param>
    /// <returns>Null if ONNX Runtime cannot load the graph.</returns>
    public static GraphProbe? TryCreate(OnnxGraph graph, IReadOnlyList<string> outputs)
    {
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

    private static OrtValue Noise(OnnxElementType type, long[] shape, IReadOnlyList<int> kinds)
    {
        int row = (int)shape.Skip(1).Aggregate(1L, (product, size) => product * size);
        var values = new double[row * kinds.Count];
        for (int image = 0; image < kinds.Count; image++)
            RowProbe.Samples(kinds[image], values.AsSpan(image * row, row));
        return type switch
        {
            OnnxElementType.Float => OrtValue.CreateTensorValueFromMemory(Array.ConvertAll(values, v => (float)v), shape),
            OnnxElementType.Float16 => OrtValue.CreateTensorValueFromMemory(Array.ConvertAll(values, v => (Float16)(float)v), shape),
            OnnxElementType.Double => OrtValue.CreateTensorValueFromMemory(values, shape),
            OnnxElementType.UInt8 => OrtValue.CreateTensorValueFromMemory(
                Array.ConvertAll(values, v => (byte)Math.Clamp(Math.Abs(v) * 100, 0, 255)),
                shape
            ),
            OnnxElementType.Int64 => OrtValue.CreateTensorValueFromMemory(Array.ConvertAll(values, v => (long)v), shape),
            _ => throw new OnnxFormatException($"An input of {type} is no image."),
        };
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
