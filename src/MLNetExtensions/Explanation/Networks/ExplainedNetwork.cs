using MLNetExtensions.Onnx;
using MLNetExtensions.Onnx.Constants;
using MLNetExtensions.Onnx.Lowering;
using MLNetExtensions.Onnx.Operators;
using MLNetExtensions.Onnx.Passes;
using MLNetExtensions.Onnx.Tensors;

namespace MLNetExtensions.Explanation.Networks;

/// <summary>
/// A network to explain: one input of pixels, and as its one output [batch, n] what the probabilities are made of, the logits; in
/// inference mode.
/// </summary>
internal sealed class ExplainedNetwork
{
    private readonly LoweringValues _values;

    /// <param name="graph">The network; its first output is explained. A Softmax or Sigmoid at its end is left out.</param>
    /// <exception cref="ArgumentException">It has several inputs, or sizes that are not known.</exception>
    public ExplainedNetwork(OnnxGraph graph)
    {
        if (graph.Inputs.Count != 1)
            throw new ArgumentException(
                $"The graph '{graph.Name}' has the inputs {string.Join("; ", graph.Inputs)}; a network with one input, the image, can be "
                    + "explained.",
                nameof(graph)
            );
        TakesOne = BatchAxis.IsOne(graph);
        graph = LiftConstants.Apply(InferenceMode.Apply(FunctionInlining.Apply(graph)));
        graph = BeforeSoftmax.UpTo(BatchAxis.State(graph, count: null), Logits(graph));
        graph = Flat(graph);
        if (graph.OpenInput is { } open)
            throw new ArgumentException(
                $"The graph '{graph.Name}': the sizes of its input {open} are open. Export it with fixed sizes.",
                nameof(graph)
            );
        Graph = graph;
        _values = GraphLowering.Evaluate(graph);
        InputShape = [.. graph.Inputs[0].Shape!.Skip(1).Select(d => d.Size!.Value)];
        Outputs = RowShapeOf(graph.Outputs[0].Name) is [var width]
            ? (int)width
            : throw new ArgumentException(
                $"The graph '{graph.Name}': the number of values of its output '{graph.Outputs[0].Name}' is not known.",
                nameof(graph)
            );
    }

    /// <summary>The graph, for any number of images.</summary>
    public OnnxGraph Graph { get; }

    /// <summary>True if the file is for one image at a time.</summary>
    public bool TakesOne { get; }

    /// <summary>The shape of an image in the input.</summary>
    public long[] InputShape { get; }

    /// <summary>The number of values of an image in the input.</summary>
    public int InputLength => (int)InputShape.Aggregate(1L, (product, size) => product * size);

    /// <summary>The number of logits.</summary>
    public int Outputs { get; }

    /// <summary>The shape of a value for one image, without the batch; null where it is not known.</summary>
    public long[]? RowShapeOf(string value) =>
        _values.Types.GetValueOrDefault(_values.Resolve(value)) is { Shape: [_, .. var row] } type && type.ElementType.IsFloatingPoint
            ? row
            : null;

    private static string Logits(OnnxGraph graph)
    {
        string output = graph.Outputs[0].Name;
        return graph.ProducerOf(output) is { OpType: "Sigmoid", Domain: "" } sigmoid
            ? sigmoid.Inputs[0]
            : BeforeSoftmax.Find(graph, output);
    }

    /// <summary>Outputs of [batch, n, 1, 1] or [batch] become [batch, n].</summary>
    private static OnnxGraph Flat(OnnxGraph graph)
    {
        string flat = new ValueNames(graph).Take("explained");
        return graph with
        {
            Nodes = [.. graph.Nodes, OnnxNode.Create("Flatten", [graph.Outputs[0].Name], [flat])],
            Outputs = [new OnnxValue(flat, OnnxElementType.Float, null)],
        };
    }
}
