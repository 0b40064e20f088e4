using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using MLNetExtensions.Onnx;
using MLNetExtensions.Onnx.Checking;
using MLNetExtensions.Scoring.Tensors;
using MLNetExtensions.Sessions;

namespace MLNetExtensions.Scoring.Export.Opsets;

/// <summary>The outputs of a model for random inputs, to compare them with another model's.</summary>
internal sealed class OpsetTrial
{
    /// <summary>The tolerance, relative to the largest value of an output. Other operators round differently.</summary>
    private const double Tolerance = 1e-4;

    /// <summary>The same where values are rounded to 8 or 16 bits in between: one that lies between two steps may become either.</summary>
    private const double CoarseTolerance = 2e-2;

    /// <summary>Inputs as images have them, and as numbers that were normalized.</summary>
    private static readonly (float From, float To)[] Ranges = [(0, 255), (-1, 1)];

    /// <summary>The sizes to try for open dimensions other than the first; few networks take every size.</summary>
    private static readonly long[] Sizes = [1, 32, 224];

    /// <summary>Larger inputs are not drawn and larger outputs not compared: the trial is a look at what rules have made.</summary>
    private const int MaxValues = 4 << 20;

    private readonly OnnxGraph _original;
    private readonly double _tolerance;
    private readonly long _size;
    private readonly double[][][]? _expected;

    /// <exception cref="OnnxFormatException">ONNX Runtime cannot load the model.</exception>
    public OpsetTrial(OnnxGraph original)
    {
        _original = original;
        bool isCoarse = original.Nodes.Any(n =>
            n.OpType is "QuantizeLinear" or "DynamicQuantizeLinear"
            || (n.OpType == "Cast" && n.Int("to", 0) == (long)OnnxElementType.Float16)
        );
        _tolerance = isCoarse ? CoarseTolerance : Tolerance;
        if (
            original.Inputs.Any(i =>
                i.Shape is null || TensorKind.Of(i.ElementType) is null || CountOf(i, Sizes[^1]) is null or > MaxValues
            )
        )
            return;
        OversizedValue.Check(original);
        using RuntimeSession session = OpenOriginal();
        foreach (long size in original.OpenInput is null ? [1] : Sizes)
        {
            try
            {
                _expected = Run(session, original, size);
                _size = size;
                return;
            }
            catch (OnnxRuntimeException)
            {
                // It does not take inputs of this size; where none is right, the converted model is only loaded.
            }
        }
    }

    /// <summary>Null if a model can be loaded and computes the same, else how it does not.</summary>
    public string? Difference(OnnxGraph converted)
    {
        double[][][] actual;
        try
        {
            using RuntimeSession session = Open(converted);
            if (_expected is null)
                return null;
            actual = Run(session, converted, _size);
        }
        catch (OnnxRuntimeException e)
        {
            return $"ONNX Runtime refuses the result ({e.Message.Trim()}).";
        }
        for (int range = 0; range < actual.Length; range++)
        for (int output = 0; output < actual[range].Length; output++)
            if (!AreNear(_expected[range][output], actual[range][output]))
                return $"its output '{_original.Outputs[output].Name}' would be another.";
        return null;
    }

    private bool AreNear(double[] expected, double[] actual)
    {
        if (expected.Length != actual.Length)
            return false;
        double largest = Math.Max(1, expected.Where(double.IsFinite).Select(Math.Abs).DefaultIfEmpty().Max());
        return expected.Zip(actual).All(v => v.First.Equals(v.Second) || Math.Abs(v.First - v.Second) <= _tolerance * largest);
    }

    private RuntimeSession OpenOriginal()
    {
        try
        {
            return Open(_original);
        }
        catch (OnnxRuntimeException e)
        {
            throw new OnnxFormatException($"ONNX Runtime cannot load the model '{_original.Name}' that is to be converted: {e.Message}", e);
        }
    }

    private static RuntimeSession Open(OnnxGraph graph) =>
        SessionOpening.OpenToExamine(
            OnnxModelSource.OfGraph(graph),
            options =>
            {
                options.IntraOpNumThreads = 1;
                options.LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR;
            }
        );

    /// <summary>The outputs for each of the ranges.</summary>
    private static double[][][] Run(RuntimeSession session, OnnxGraph graph, long size) =>
        [.. Ranges.Select(range => Run(session, graph, size, range.From, range.To))];

    private static long[] ShapeOf(OnnxValue input, long size) => [.. input.Shape!.Select((d, axis) => d.Size ?? (axis == 0 ? 2 : size))];

    private static long? CountOf(OnnxValue input, long size) => TensorCheck.CountOf(ShapeOf(input, size));

    private static double[][] Run(RuntimeSession session, OnnxGraph graph, long size, float from, float to)
    {
        var random = new Random(1);
        var inputs = new List<OrtValue>();
        try
        {
            foreach (OnnxValue input in graph.Inputs)
            {
                // Two rows, so that what holds for one only shows.
                long[] shape = ShapeOf(input, size);
                TensorBuffer buffer = TensorKind.Of(input.ElementType)!.NewBuffer();
                buffer.Resize(CountOf(input, size)!.Value);
                buffer.Clear(0, buffer.Length);
                if (buffer is TensorBuffer<float> floats)
                    // Lists are scales and the like, which drawn numbers would make beyond measure.
                    foreach (ref float value in floats.Items)
                        value = shape.Length < 2 ? 1 : from + (to - from) * random.NextSingle();
                inputs.Add(buffer.ToOrtValue(shape));
            }
            using IDisposableReadOnlyCollection<OrtValue> results = session.Run(
                [.. graph.Inputs.Select(i => i.Name)],
                inputs,
                [.. graph.Outputs.Select(o => o.Name)]
            );
            return [.. results.Select(Values)];
        }
        finally
        {
            inputs.ForEach(input => input.Dispose());
        }
    }

    /// <summary>
    /// Floating-point numbers; of others, which follow from them by comparisons that a rounding may turn, only how many there are.
    /// </summary>
    private static double[] Values(OrtValue value)
    {
        if (!value.IsTensor)
            return [];
        OrtTensorTypeAndShapeInfo info = value.GetTensorTypeAndShape();
        if (info.ElementCount > MaxValues)
            return [];
        return info.ElementDataType switch
        {
            TensorElementType.Float => [.. value.GetTensorDataAsSpan<float>().ToArray()],
            TensorElementType.Double => value.GetTensorDataAsSpan<double>().ToArray(),
            TensorElementType.Float16 => [.. value.GetTensorDataAsSpan<Float16>().ToArray().Select(v => (double)v.ToFloat())],
            _ => new double[info.ElementCount],
        };
    }
}
