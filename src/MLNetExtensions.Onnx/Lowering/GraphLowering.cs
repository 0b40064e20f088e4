using MLNetExtensions.Onnx.Constants;
using MLNetExtensions.Onnx.Operators;

namespace MLNetExtensions.Onnx.Lowering;

/// <summary>Makes a graph ready for a runtime, for one set of input shapes; see <see cref="LoweredGraph"/>.</summary>
internal static class GraphLowering
{
    /// <summary>
    /// One forward walk: constants and shape arithmetic are computed, older operator forms become those of opset 22, auto_pad becomes pads,
    /// Identity nodes vanish, and composites are decomposed unless the runtime does them itself. Nodes that no output needs are dropped.
    /// </summary>
    /// <param name="graph">The source graph.</param>
    /// <param name="inputShapes">The full shape of each input, batch included; may leave out inputs whose shape the file fixes.</param>
    /// <param name="isNative">True if the runtime does a composite (in its opset-22 form) by itself; not asked about primitives.</param>
    /// <param name="weightsChange">True if the graph is to be trained, so that only the types of its weights are known; false if they are
    /// constants.</param>
    /// <exception cref="UnsupportedOpsException">The graph holds nodes that cannot be lowered; the message lists all of them.</exception>
    /// <exception cref="OnnxFormatException">A node breaks the rules of its operator, or shapes do not fit together.</exception>
    /// <exception cref="ArgumentException">An input's shape is missing or contradicts the file.</exception>
    public static LoweredGraph Lower(
        OnnxGraph graph,
        IReadOnlyDictionary<string, long[]> inputShapes,
        Func<OnnxNode, bool> isNative,
        bool weightsChange = true
    )
    {
        return Walk(LiftConstants.Apply(graph), inputShapes, isNative, stated: null, weightsChange).Finish();
    }

    /// <summary>
    /// The same for a graph that is inspected, not compiled: nodes that cannot be lowered are kept if the types of their outputs are
    /// stated.
    /// </summary>
    /// <param name="graph">The source graph.</param>
    /// <param name="inputShapes">The full shape of each input.</param>
    /// <param name="ask">Tells the types of such values; it may leave out those it does not know.</param>
    /// <exception cref="UnsupportedOpsException">There are nodes whose output types are not stated.</exception>
    /// <exception cref="OnnxFormatException">A node breaks the rules of its operator, or shapes do not fit together.</exception>
    public static LoweredGraph Infer(
        OnnxGraph graph,
        IReadOnlyDictionary<string, long[]> inputShapes,
        Func<IReadOnlyList<string>, IReadOnlyDictionary<string, TensorType>> ask
    )
    {
        graph = LiftConstants.Apply(graph);
        var stated = new Dictionary<string, TensorType>();
        while (true)
        {
            LoweringWalk walk = Walk(graph, inputShapes, _ => true, stated);
            string[] open = [.. walk.Unstated.Where(value => !stated.ContainsKey(value))];
            int before = stated.Count;
            if (open.Length > 0)
                foreach ((string value, TensorType type) in ask(open))
                    stated[value] = type;
            // Nodes that read from an unknown node are lowered the next time.
            if (stated.Count == before)
                return walk.Finish();
        }
    }

    /// <summary>The same with the inputs' shapes in the graph's order.</summary>
    public static LoweredGraph Lower(OnnxGraph graph, long[][] inputShapes, Func<OnnxNode, bool> isNative) =>
        Lower(graph, graph.Inputs.Zip(inputShapes).ToDictionary(pair => pair.First.Name, pair => pair.Second), isNative);

    /// <summary>
    /// Evaluates, in inference mode, the nodes of a graph that depend only on constants and shapes. Nodes that cannot be lowered, and
    /// those that depend on them, are skipped.
    /// </summary>
    /// <param name="graph">The source graph.</param>
    /// <param name="inputShapes">As for <see cref="Lower(OnnxGraph, IReadOnlyDictionary{string, long[]}, Func{OnnxNode, bool}, bool)"/>.</param>
    /// <exception cref="OnnxFormatException">A node breaks the rules of its operator, or shapes do not fit together.</exception>
    public static LoweringValues Evaluate(OnnxGraph graph, IReadOnlyDictionary<string, long[]> inputShapes)
    {
        var walk = new LoweringWalk(graph, _ => true, weightsChange: false);
        foreach (OnnxValue input in graph.Inputs)
            walk.AddInput(input, ShapeOf(input, inputShapes));
        foreach (OnnxNode node in graph.Nodes)
            walk.LowerSource(node);
        return walk.Values;
    }

    /// <summary>The same for the rows that the file fixes.</summary>
    /// <param name="graph">The source graph.</param>
    /// <param name="batch">The number of rows where the file leaves it open.</param>
    /// <exception cref="OnnxFormatException">The sizes of an input are open, a node breaks the rules of its operator, or shapes do not fit
    /// together.</exception>
    public static LoweringValues Evaluate(OnnxGraph graph, long batch = 1)
    {
        long[][] shapes =
            graph.StatedInputShapes(batch)
            ?? throw new OnnxFormatException(
                $"The graph '{graph.Name}': the sizes of its input {graph.OpenInput} are open. Export it with fixed sizes."
            );
        return Evaluate(graph, graph.Inputs.Zip(shapes).ToDictionary(pair => pair.First.Name, pair => pair.Second));
    }

    private static LoweringWalk Walk(
        OnnxGraph graph,
        IReadOnlyDictionary<string, long[]> inputShapes,
        Func<OnnxNode, bool> isNative,
        IReadOnlyDictionary<string, TensorType>? stated,
        bool weightsChange = true
    )
    {
        var walk = new LoweringWalk(graph, isNative, weightsChange, stated);
        foreach (OnnxValue input in graph.Inputs)
            walk.AddInput(input, ShapeOf(input, inputShapes));
        foreach (OnnxNode node in graph.Nodes)
            walk.LowerSource(node);
        return walk;
    }

    private static long[] ShapeOf(OnnxValue input, IReadOnlyDictionary<string, long[]> inputShapes)
    {
        if (!inputShapes.TryGetValue(input.Name, out long[]? shape))
            return input.Shape?.All(d => d.Size is not null) == true
                ? [.. input.Shape.Select(d => d.Size!.Value)]
                : throw new ArgumentException($"The shape of input {input} is not given.", nameof(inputShapes));
        // Dimension 0 is the batch: many exporters write the one size they traced with.
        bool fits =
            input.Shape is null
            || (
                input.Shape.Count == shape.Length
                && input.Shape.Skip(1).Zip(shape.Skip(1)).All(d => d.First.Size is null || d.First.Size == d.Second)
            );
        return fits
            ? shape
            : throw new ArgumentException($"The shape [{string.Join(',', shape)}] does not fit input {input}.", nameof(inputShapes));
    }
}
