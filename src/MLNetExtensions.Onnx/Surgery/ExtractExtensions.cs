namespace MLNetExtensions.Onnx.Surgery;

/// <summary>Cuts parts out of graphs.</summary>
public static class ExtractExtensions
{
    /// <summary>
    /// Cuts out the part of a graph between some values and others, as onnx.utils.extract_model does. Names, weights and metadata stay.
    /// </summary>
    /// <param name="graph">The graph; it stays as it is.</param>
    /// <param name="inputs">The names of the values that the part is given: inputs of the graph, or values that its nodes make.</param>
    /// <param name="outputs">The names of the values that it gives back.</param>
    /// <returns>The part. Its inputs and outputs have the types that the graph states, or that follow from its inputs.</returns>
    /// <exception cref="ArgumentException">
    /// A name is no value of the graph or given twice, no output is named, or what makes the outputs needs an input of the graph that is
    /// not among <paramref name="inputs"/>; the message names it and the node that reads it.
    /// </exception>
    /// <exception cref="OnnxFormatException">The type of a new input is neither stated nor follows from the graph's inputs.</exception>
    /// <example><code>
    /// OnnxGraph body = OnnxGraph.Load("model.onnx").Extract(["image"], ["features"]);
    /// </code></example>
    public static OnnxGraph Extract(this OnnxGraph graph, IEnumerable<string> inputs, IEnumerable<string> outputs)
    {
        ArgumentNullException.ThrowIfNull(graph);
        ArgumentNullException.ThrowIfNull(inputs);
        ArgumentNullException.ThrowIfNull(outputs);
        return GraphCut.Between(graph, [.. inputs], [.. outputs]);
    }
}
