using MLNetExtensions.Onnx;
using MLNetExtensions.Onnx.Constants;
using MLNetExtensions.Onnx.Lowering;
using MLNetExtensions.Onnx.Operators;
using MLNetExtensions.Onnx.Parameters;
using MLNetExtensions.TensorFlow.Ops;
using MLNetExtensions.TensorFlow.Proto;

namespace MLNetExtensions.TensorFlow.Interchange;

/// <summary>
/// A network's kernels for scoring as a GraphDef, for one batch size. Its weights are variables, which the ops of <see cref="Checkpoint"/>
/// restore.
/// </summary>
/// <param name="Definition">The graph.</param>
/// <param name="Inputs">Its inputs.</param>
/// <param name="Outputs">Its outputs.</param>
/// <param name="Variables">Its weights.</param>
internal sealed record ExportGraph(
    GraphDef Definition,
    IReadOnlyList<ExportedValue> Inputs,
    IReadOnlyList<ExportedValue> Outputs,
    IReadOnlyList<ExportedVariable> Variables
)
{
    /// <summary>Builds it.</summary>
    /// <param name="graph">The network, with the outputs to write.</param>
    /// <param name="batch">The number of rows.</param>
    /// <param name="channelsLast">True if images are given with their channels last.</param>
    /// <exception cref="UnsupportedOpsException">Nodes have no kernel; all of them are in the message.</exception>
    public static ExportGraph Build(OnnxGraph graph, long batch, bool channelsLast)
    {
        long[][] shapes = [.. graph.Inputs.Select(i => (long[])[batch, .. i.Shape!.Skip(1).Select(d => d.Size!.Value)])];
        LoweredGraph lowered = GraphLowering.Lower(graph, shapes, node => OpRegistry.Find(node, OnnxGraph.MaximumOpset) is not null);
        HashSet<string> trainable = [.. ParameterAnalysis.FindParameters(graph).Select(p => p.Name)];
        HashSet<string> variables = [.. trainable, .. ParameterAnalysis.FindState(graph).Select(s => s.Name)];

        using var g = new TensorFlowGraph();
        var names = new HashSet<string>();
        var values = new ProgramValues(g, new Tape(g), lowered.Graph.Initializers, seed: null);
        var inputs = new List<ExportedValue>();
        foreach ((OnnxValue input, long[] shape) in lowered.Graph.Inputs.Zip(shapes))
        {
            DataType type = input.ElementType.ToDataType() is { } known and not DataType.String
                ? known
                : throw new NotSupportedException($"Input {input} cannot be written: TensorFlow's kernels take numbers.");
            bool last = channelsLast && shape.Length == 4;
            long[] sizes = last ? [shape[0], shape[2], shape[3], shape[1]] : shape;
            Symbol placeholder = g.Op("Placeholder").Named(Name("inputs", input.Name)).Set("dtype", type).SetShape("shape", sizes).Output();
            values.Set(input.Name, new OpResult(placeholder, last));
            inputs.Add(Describe(input.Name, placeholder));
        }

        HashSet<string> kernels = ParameterLayout.ConvolutionWeights(lowered.Graph);
        var weights = new List<ExportedVariable>();
        foreach (OnnxTensor tensor in lowered.Graph.Initializers.Values.Where(t => variables.Contains(t.Name)))
        {
            bool isKernel = kernels.Contains(tensor.Name);
            OnnxTensor value = isKernel ? LayoutEvaluation.Transpose(tensor, 2, 3, 1, 0) : tensor;
            string name = Name("weights", tensor.Name);
            long[] shape = [.. value.Shape];
            DataType type = tensor.ElementType.ToDataType()!.Value;
            Symbol handle = g.Op("VarHandleOp").Named(name).Set("dtype", type).SetShape("shape", shape).Set("shared_name", name).Output();
            Symbol read = g.Op("ReadVariableOp").Named($"{name}/Read/ReadVariableOp").Input(handle).Set("dtype", type).Output();
            weights.Add(new ExportedVariable(name, value, handle, read, trainable.Contains(tensor.Name)));
            if (isKernel)
                values.SetKernel(tensor.Name, Shaped(read, shape));
            else
                values.Set(tensor.Name, Shaped(read, shape));
        }

        var pass = new PassKind(Training: false, BatchNormTraining: false, Dropout: false, DataType.Float);
        NetworkNodes.AddTo(values, lowered, lowered.Graph.Nodes, lowered.Graph.Outputs.Select(o => o.Name), variables, pass);
        var outputs = new List<ExportedValue>();
        foreach (OnnxValue output in lowered.Graph.Outputs)
            outputs.Add(
                Describe(
                    output.Name,
                    g.Op("Identity").Named(Name("outputs", output.Name)).Input(values.ChannelsFirst(output.Name)).Output()
                )
            );
        Checkpoint.AddOps(g, weights);
        return new ExportGraph(GraphDef.Parser.ParseFrom(g.ToDefinition()), inputs, outputs, weights);

        string Name(string folder, string name)
        {
            string valid = $"{folder}/{TensorFlowGraph.ValidName(name)}",
                free = valid;
            for (int i = 1; !names.Add(free); i++)
                free = $"{valid}_{i}";
            return free;
        }

        Symbol Shaped(Symbol value, long[] shape) => value.Shape.AsSpan().SequenceEqual(shape) ? value : g.Reshape(value, shape);
    }

    private static ExportedValue Describe(string name, Symbol value) =>
        new(name, $"{TensorFlowGraph.NameOf(value.Output.Operation)}:0", value.Type, value.Shape);
}
