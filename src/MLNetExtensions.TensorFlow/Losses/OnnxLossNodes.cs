using MLNetExtensions.Onnx;
using MLNetExtensions.Onnx.Lowering;
using MLNetExtensions.Onnx.Operators;
using MLNetExtensions.TensorFlow.Ops;
using MLNetExtensions.Training;
using MLNetExtensions.Training.Losses;

namespace MLNetExtensions.TensorFlow.Losses;

/// <summary>The graph of an <see cref="OnnxLoss"/> as ops behind the network's, on the same tape.</summary>
internal static class OnnxLossNodes
{
    /// <summary>Adds the loss summed over the rows.</summary>
    /// <param name="loss">The loss.</param>
    /// <param name="tape">Notes the steps.</param>
    /// <param name="output">The network's first output, in 32 bits.</param>
    /// <param name="targets">The encoded targets.</param>
    /// <exception cref="UnsupportedOpsException">Nodes have no kernel; all of them are in the message.</exception>
    /// <exception cref="ArgumentException">The graph does not fit the output.</exception>
    public static Symbol Sum(OnnxLoss loss, Tape tape, Symbol output, Symbol targets)
    {
        TensorFlowGraph graph = output.Graph;
        long rows = output.Shape[0];
        OnnxLossSignature signature = loss.SignatureFor(BatchShapes.WidthOf(output.Shape, loss));
        LoweredGraph lowered = signature.Lower(rows, node => OpRegistry.Find(node, OnnxGraph.MaximumOpset) is not null);
        long[][] shapes = signature.ShapesOf(rows);
        Symbol own = graph.Reshape(graph.Narrow(targets, 1, 0, signature.TargetValues), shapes[1]),
            weights = graph.Reshape(graph.Narrow(targets, 1, signature.TargetValues, 1), rows);
        if (signature.TargetType != OnnxElementType.Float)
            own = graph.Cast(own, signature.TargetType.ToDataType()!.Value);

        var values = new ProgramValues(graph, tape, lowered.Graph.Initializers, seed: null);
        IReadOnlyList<OnnxValue> inputs = lowered.Graph.Inputs;
        values.Set(inputs[0].Name, tape.Derive("loss", output, x => graph.Reshape(x, shapes[0])));
        values.Set(inputs[1].Name, own);
        if (signature.TakesWeights)
            values.Set(inputs[2].Name, graph.Reshape(weights, shapes[2]));
        string name = lowered.Graph.Outputs[0].Name;
        NetworkNodes.AddTo(
            values,
            lowered,
            lowered.Graph.NodesOfFirstOutput(),
            [name],
            new HashSet<string>(),
            // The loss computes in 32 bits and in inference mode.
            new PassKind(Training: false, BatchNormTraining: false, Dropout: false, DataType.Float),
            runtime: $"The TensorFlow runtime, for the loss graph '{loss.Graph.Name}',"
        );
        return tape.Derive(
            "loss",
            values.ChannelsFirst(name),
            result =>
                signature.IsScalar ? graph.SumAll(result) * graph.SumAll(weights)
                : signature.TakesWeights ? graph.SumAll(result)
                : graph.SumAll(graph.Reshape(result, rows) * weights)
        );
    }

    /// <summary>Adds the loss and its gradient to a graph of their own, to see whether all of their ops are there.</summary>
    /// <param name="loss">The loss.</param>
    /// <param name="outputs">The number of the network's outputs.</param>
    /// <inheritdoc cref="Sum"/>
    public static void Check(OnnxLoss loss, int outputs)
    {
        using var graph = new TensorFlowGraph();
        var tape = new Tape(graph);
        Symbol output = graph.Placeholder(DataType.Float, 1, outputs);
        tape.Watch(output);
        Symbol sum = Sum(loss, tape, output, graph.Placeholder(DataType.Float, 1, loss.TargetWidth(outputs)));
        tape.Backward(sum, graph.Scalar(1, DataType.Float));
    }
}
