using System.Numerics.Tensors;
using MLNetExtensions.Onnx;

namespace MLNetExtensions.Compression.Evaluation;

/// <summary>The outputs of a model for rows: its first float output.</summary>
/// <param name="Outputs">The values, rows after one another.</param>
/// <param name="Width">The number of values of a row.</param>
internal sealed record ModelAnswers(float[] Outputs, int Width)
{
    private const int Batch = 64;

    /// <summary>The name of the output that is compared: the first of floats.</summary>
    /// <exception cref="OnnxFormatException">The graph has none.</exception>
    public static string OutputOf(OnnxGraph graph) =>
        graph.Outputs.FirstOrDefault(o => o.ElementType == OnnxElementType.Float)?.Name
        ?? throw new OnnxFormatException(
            $"The graph '{graph.Name}' has no float output to compare; its outputs are {string.Join("; ", graph.Outputs)}. "
                + "Of a segmentation network, take the part before its ArgMax (OnnxGraph.Extract), or use ToFloat16, which compares nothing."
        );

    /// <summary>Runs rows through a model.</summary>
    /// <param name="run">The call.</param>
    /// <param name="graph">The model.</param>
    /// <param name="rows">The rows.</param>
    /// <param name="limit">The most rows, spread over the set.</param>
    public static ModelAnswers Of(CompressionRun run, OnnxGraph graph, ModelRows rows, int limit = int.MaxValue)
    {
        using var session = new GraphSession(run, graph, [OutputOf(graph)]);
        var outputs = new List<float>();
        foreach ((int[] batch, Memory<float>[] inputs) in rows.Batches(Batch, limit))
        {
            run.ThrowIfCanceled();
            session.Run(inputs, batch.Length, (_, _, values) => outputs.AddRange(values));
        }
        return new ModelAnswers([.. outputs], outputs.Count / Math.Min(limit, rows.Count));
    }

    /// <summary>The fraction of rows whose largest output is their class's.</summary>
    public double Accuracy(int[] classes)
    {
        int right = 0;
        for (int row = 0; row < classes.Length; row++)
            right += TensorPrimitives.IndexOfMax<float>(Outputs.AsSpan(row * Width, Width)) == classes[row] ? 1 : 0;
        return (double)right / classes.Length;
    }

    /// <summary>
    /// The root of the mean square of the differences from another model's answers, as a fraction of that of the answers themselves.
    /// </summary>
    public double ErrorOf(ModelAnswers other)
    {
        (double error, double size) = (0, 0);
        for (int i = 0; i < Outputs.Length; i++)
        {
            double difference = (double)other.Outputs[i] - Outputs[i];
            error += difference * difference;
            size += (double)Outputs[i] * Outputs[i];
        }
        return size > 0 ? Math.Sqrt(error / size) : Math.Sqrt(error);
    }
}
