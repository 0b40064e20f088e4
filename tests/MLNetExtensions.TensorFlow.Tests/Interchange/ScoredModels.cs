using Microsoft.ML.OnnxRuntime;
using MLNetExtensions.Onnx;
using MLNetExtensions.TensorFlow.Interchange;
using MLNetExtensions.TensorFlow.Proto;
using Tensor = MLNetExtensions.TensorFlow.Native.Tensor;

namespace MLNetExtensions.TensorFlow.Tests.Interchange;

/// <summary>The scores of a model in ONNX Runtime and in TensorFlow's own loader of SavedModels.</summary>
internal static class ScoredModels
{
    /// <summary>Numbers from 0 to 1 for a model's input.</summary>
    public static float[] Images(int rows, params ReadOnlySpan<long> shape)
    {
        var random = new Random(rows);
        int count = rows;
        foreach (long size in shape)
            count *= (int)size;
        return [.. Enumerable.Range(0, count).Select(_ => (float)random.NextDouble())];
    }

    /// <summary>An ONNX graph's output.</summary>
    public static float[] InOnnxRuntime(OnnxGraph graph, float[] values, int rows, string? output = null)
    {
        using var session = new InferenceSession(graph.ToBytes());
        using OrtValue input = OrtValue.CreateTensorValueFromMemory(
            values,
            [rows, .. graph.Inputs[0].Shape!.Skip(1).Select(d => d.Size!.Value)]
        );
        using var run = new Microsoft.ML.OnnxRuntime.RunOptions();
        using IDisposableReadOnlyCollection<OrtValue> results = session.Run(
            run,
            new Dictionary<string, OrtValue> { [graph.Inputs[0].Name] = input },
            [output ?? graph.Outputs[0].Name]
        );
        return results[0].GetTensorDataAsSpan<float>().ToArray();
    }

    /// <summary>A SavedModel's output, by its signature.</summary>
    public static float[] InTensorFlow(
        SavedModelSession session,
        float[] values,
        int rows,
        string output,
        string signatureName = "serving_default"
    )
    {
        SignatureDef signature = session.Definition.SignatureDef[signatureName];
        TensorInfo input = signature.Inputs.Values.Single();
        using Tensor fed = Tensor.Of<float>(DataType.Float, [rows, .. input.TensorShape.Dim.Skip(1).Select(d => d.Size)], values);
        using Tensor result = session.Run([(Find(session, input), fed)], [Find(session, signature.Outputs[output])])[0];
        Assert.Equal(rows, result.Shape[0]);
        return result.Floats.ToArray();
    }

    public static void AssertEqual(float[] expected, float[] actual, float tolerance)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++)
            Assert.True(Math.Abs(expected[i] - actual[i]) <= tolerance, $"value {i} is {actual[i]}, expected {expected[i]}");
    }

    private static Symbol Find(SavedModelSession session, TensorInfo info)
    {
        string[] parts = info.Name.Split(':');
        IntPtr operation = NativeMethods.TF_GraphOperationByName(session.Graph.Handle, parts[0]);
        Assert.NotEqual(IntPtr.Zero, operation);
        return new Symbol(session.Graph, new Output(operation, int.Parse(parts[1], System.Globalization.CultureInfo.InvariantCulture)));
    }
}
