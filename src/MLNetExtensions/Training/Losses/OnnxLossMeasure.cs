using Microsoft.ML.OnnxRuntime;
using MLNetExtensions.Sessions;

namespace MLNetExtensions.Training.Losses;

/// <summary>Computes an <see cref="OnnxLoss"/> in ONNX Runtime, on the processor, with one thread.</summary>
internal sealed class OnnxLossMeasure : ILossMeasure
{
    private readonly OnnxLoss _loss;
    private RuntimeSession? _session;

    public OnnxLossMeasure(OnnxLoss loss) => _loss = loss;

    public double Sum(ReadOnlySpan<float> outputs, ReadOnlySpan<float> targets, int width)
    {
        OnnxLossSignature signature = _loss.SignatureFor(width);
        _session ??= Open(signature);
        int rows = outputs.Length / width,
            values = signature.TargetValues;
        float[] own = new float[rows * values],
            weights = new float[rows];
        for (int row = 0; row < rows; row++)
        {
            ReadOnlySpan<float> target = targets.Slice(row * (values + 1), values + 1);
            target[..values].CopyTo(own.AsSpan(row * values));
            weights[row] = target[values];
        }
        long[][] shapes = signature.ShapesOf(rows);
        List<OrtValue> inputs = [];
        try
        {
            inputs.Add(Value(outputs.ToArray(), shapes[0]));
            inputs.Add(
                signature.TargetType switch
                {
                    Onnx.OnnxElementType.Int64 => Value(Array.ConvertAll(own, value => (long)value), shapes[1]),
                    Onnx.OnnxElementType.Int32 => Value(Array.ConvertAll(own, value => (int)value), shapes[1]),
                    _ => Value(own, shapes[1]),
                }
            );
            if (signature.TakesWeights)
                inputs.Add(Value(weights, shapes[2]));
            using IDisposableReadOnlyCollection<OrtValue> results = _session.Run(
                [.. signature.Graph.Inputs.Select(input => input.Name)],
                inputs,
                [signature.Graph.Outputs[0].Name]
            );
            return Total(results[0].GetTensorDataAsSpan<float>(), weights, signature);
        }
        finally
        {
            inputs.ForEach(input => input.Dispose());
        }
    }

    public void Dispose() => _session?.Dispose();

    private static double Total(ReadOnlySpan<float> losses, float[] weights, OnnxLossSignature signature)
    {
        double total = 0;
        if (signature.IsScalar)
            return losses[0] * weights.Sum(weight => (double)weight);
        for (int row = 0; row < losses.Length; row++)
            total += signature.TakesWeights ? losses[row] : (double)losses[row] * weights[row];
        return total;
    }

    private static RuntimeSession Open(OnnxLossSignature signature)
    {
        try
        {
            return SessionOpening.OpenToExamine(
                OnnxModelSource.OfGraph(signature.Graph),
                options =>
                {
                    options.IntraOpNumThreads = 1;
                    options.LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL;
                }
            );
        }
        catch (OnnxRuntimeException e)
        {
            throw new ArgumentException(
                $"ONNX Runtime cannot load the loss graph '{signature.Graph.Name}': {e.Message} Check the file with "
                    + $"onnx.checker.check_model, or export it again.",
                e
            );
        }
    }

    private static OrtValue Value<T>(T[] values, long[] shape)
        where T : unmanaged => OrtValue.CreateTensorValueFromMemory(OrtMemoryInfo.DefaultInstance, values.AsMemory(), shape);
}
