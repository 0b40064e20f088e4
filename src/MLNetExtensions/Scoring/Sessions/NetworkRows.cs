using Microsoft.ML.OnnxRuntime;
using MLNetExtensions.Onnx;
using MLNetExtensions.Onnx.Rows;

namespace MLNetExtensions.Scoring.Sessions;

/// <summary>What rows have to do with each other in a network of pictures that is run without a plan: one float input, any float outputs, all with the batch first.</summary>
internal static class NetworkRows
{
    /// <summary>Finds out whether pictures that are run together depend on each other. Where the graph does not tell it is tried, which runs nine pictures.</summary>
    /// <param name="graph">The network.</param>
    /// <param name="session">The same network, opened.</param>
    /// <param name="pictureShape">The shape of a picture in the input, without the batch.</param>
    public static RowFinding Find(OnnxGraph graph, InferenceSession session, IReadOnlyList<long> pictureShape)
    {
        RowFinding found = RowIndependence.Find(graph);
        if (found.Verdict != RowVerdict.Unknown)
            return found;
        string[] inputs = [session.InputNames[0]];
        int length = (int)pictureShape.Aggregate(1L, (product, size) => product * size);
        return new RowProbe(Run).AreIndependent() == true ? RowFinding.Independent : found with { Verdict = RowVerdict.Dependent };

        double[][][]? Run(int[] kinds)
        {
            var samples = new double[length];
            var pixels = new float[kinds.Length * length];
            for (int row = 0; row < kinds.Length; row++)
            {
                RowProbe.Samples(kinds[row], samples);
                for (int i = 0; i < length; i++)
                    pixels[(row * length) + i] = (float)samples[i];
            }
            try
            {
                using OrtValue input = OrtValue.CreateTensorValueFromMemory(OrtMemoryInfo.DefaultInstance, pixels.AsMemory(), [kinds.Length, .. pictureShape]);
                using var options = new RunOptions();
                using IDisposableReadOnlyCollection<OrtValue> outputs = session.Run(options, inputs, [input], session.OutputNames);
                return [.. outputs.Select(output => Rows(output, kinds.Length))];
            }
            catch (OnnxRuntimeException)
            {
                return null;
            }
        }
    }

    private static double[][] Rows(OrtValue output, int rows)
    {
        ReadOnlySpan<float> values = output.GetTensorDataAsSpan<float>();
        int length = values.Length / rows;
        var result = new double[rows][];
        for (int row = 0; row < rows; row++)
        {
            result[row] = new double[length];
            for (int i = 0; i < length; i++)
                result[row][i] = values[(row * length) + i];
        }
        return result;
    }
}
