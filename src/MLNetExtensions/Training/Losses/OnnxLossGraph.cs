using System.Collections.Concurrent;
using MLNetExtensions.Onnx;
using MLNetExtensions.Onnx.Constants;
using MLNetExtensions.Onnx.Lowering;
using MLNetExtensions.Onnx.Operators;
using MLNetExtensions.Onnx.Parameters;
using MLNetExtensions.Onnx.Passes;

namespace MLNetExtensions.Training.Losses;

/// <summary>The graph of an <see cref="OnnxLoss"/>, checked and in inference mode, for any number of rows.</summary>
internal sealed class OnnxLossGraph
{
    private readonly ConcurrentDictionary<int, OnnxLossSignature> _signatures = new();

    /// <exception cref="ArgumentException">The graph is none of a loss.</exception>
    public OnnxLossGraph(OnnxGraph graph)
    {
        Name = $"The loss graph '{graph.Name}'";
        Require(
            graph.Inputs.Count is 2 or 3,
            $"has {graph.Inputs.Count} inputs ({string.Join("; ", graph.Inputs)}), expected two or three: the network's output, the "
                + $"targets, and optionally the weights of the rows"
        );
        Require(
            graph.Outputs.Count == 1,
            $"has {graph.Outputs.Count} outputs ({string.Join("; ", graph.Outputs)}), expected one: the loss of the batch, or one value for each row"
        );
        RequireFloat(graph.Inputs[0], "the network's output");
        TargetType = graph.Inputs[1].ElementType;
        Require(
            TargetType is OnnxElementType.Float or OnnxElementType.Int64 or OnnxElementType.Int32,
            $"takes targets {graph.Inputs[1]}, expected Int64 or Int32 [batch] for classes, or Float [batch, n]"
        );
        if (graph.Inputs.Count == 3)
            RequireFloat(graph.Inputs[2], "the weights of the rows");
        RequireFloat(graph.Outputs[0], "the loss");
        Graph = BatchAxis.State(LiftConstants.Apply(FunctionInlining.Apply(InferenceMode.Apply(graph))), count: null);
        Graph = Graph with { Outputs = [graph.Outputs[0] with { Shape = null }] };
        CheckGradient();
    }

    /// <summary>The graph's name, as the subject of messages.</summary>
    public string Name { get; }

    /// <summary>The graph, with an open number of rows.</summary>
    public OnnxGraph Graph { get; }

    /// <summary>The element type of the targets.</summary>
    public OnnxElementType TargetType { get; }

    /// <summary>True if the targets are the class of each row.</summary>
    public bool TakesClasses => TargetType != OnnxElementType.Float;

    /// <summary>True if the graph takes the weights of the rows.</summary>
    public bool TakesWeights => Graph.Inputs.Count == 3;

    /// <inheritdoc cref="OnnxLoss.SignatureFor"/>
    public OnnxLossSignature SignatureFor(int width) => _signatures.GetOrAdd(width, Try);

    private OnnxLossSignature Try(int width)
    {
        // The number of rows of a trial must not be mistaken for the number of outputs.
        int rows = width == 5 ? 7 : 5;
        var trial = new OnnxLossSignature(this, width, isScalar: false);
        long[] shape;
        try
        {
            LoweredGraph lowered = trial.Lower(rows, _ => true);
            shape = lowered.Types[Graph.Outputs[0].Name].Shape;
        }
        catch (Exception e) when (e is OnnxFormatException or UnsupportedOpsException or ArgumentException)
        {
            throw new ArgumentException(
                $"{Name} does not fit a network of {width} outputs, tried with {rows} rows: {e.Message} Its inputs must be "
                    + $"{trial.Describe()}, with any number of rows (export it with a dynamic batch).",
                e
            );
        }
        bool isScalar = shape is [] or [1];
        Require(
            isScalar || shape.SequenceEqual([rows]) || shape.SequenceEqual([rows, 1L]),
            $"gives [{string.Join(", ", shape)}] for {rows} rows of {width} outputs, expected one number, or one value for each row ([{rows}])"
        );
        return new OnnxLossSignature(this, width, isScalar);
    }

    /// <exception cref="ArgumentException">The condition does not hold.</exception>
    public void Require(bool holds, string problem)
    {
        if (!holds)
            throw new ArgumentException($"{Name} {problem}.");
    }

    private void RequireFloat(OnnxValue value, string meaning) =>
        Require(value.ElementType == OnnxElementType.Float, $"has {value} as {meaning}, expected Float");

    /// <summary>Follows the gradient from the loss to the network's output.</summary>
    private void CheckGradient()
    {
        string output = Graph.Inputs[0].Name;
        HashSet<string> reached = ParameterAnalysis.DifferentiableValues(Graph);
        if (reached.Contains(output))
            return;
        HashSet<string> dependent = [output];
        foreach (OnnxNode node in Graph.Nodes.Where(node => node.Inputs.Any(dependent.Contains)))
            dependent.UnionWith(node.Outputs);
        OnnxNode[] ends =
        [
            .. Graph.Nodes.Where(node =>
                node.Outputs.Any(reached.Contains)
                && node.Inputs.Any(dependent.Contains)
                && !DifferentiableInputs.Of(node).Any(dependent.Contains)
            ),
        ];
        Require(
            ends.Length == 0,
            $"has no gradient with respect to its first input '{output}': "
                + $"{string.Join(", ", ends.Take(5).Select(node => node.Describe()))} passes none back. Use operators that change smoothly with their input"
        );
        Require(false, $"does not depend on its first input '{output}', the network's output");
    }
}
