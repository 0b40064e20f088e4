using Google.Protobuf;
using MLNetExtensions.Onnx;
using MLNetExtensions.TensorFlow.Proto;

namespace MLNetExtensions.TensorFlow.Interchange;

/// <summary>
/// Looks through a SavedModel before TensorFlow opens it: at a node without the inputs that its op needs, TensorFlow does not refuse the
/// model but ends the process, and it makes constants as large as their shapes say.
/// </summary>
internal static class SavedModelCheck
{
    /// <param name="file">The file <c>saved_model.pb</c>.</param>
    /// <exception cref="TensorFlowFormatException">It is no SavedModel, or a node has not the inputs of its op; the message names
    /// it.</exception>
    public static void Check(string file)
    {
        SavedModel model;
        try
        {
            using FileStream stream = File.OpenRead(file);
            model = SavedModel.Parser.ParseFrom(stream);
        }
        catch (InvalidProtocolBufferException e)
        {
            throw new TensorFlowFormatException($"{file} is no SavedModel, or is cut off: {e.Message}", e);
        }
        foreach (GraphDef graph in model.MetaGraphs.Select(meta => meta.GraphDef).OfType<GraphDef>())
        foreach (NodeDef node in graph.Node.Concat(graph.Library?.Function.SelectMany(f => f.NodeDef) ?? []))
        {
            if (node.Attr.Values.Any(value => value.Tensor is { } tensor && !IsBorneOut(tensor)))
                throw new TensorFlowFormatException(
                    $"{file} cannot be imported: the constant of node {node.Op} '{node.Name}' has a shape that the file does not bear out. A "
                        + $"number is repeated {TensorReading.MaxRepeated} times at most."
                );
            if (InputsOf(node) is { } needed && node.Input.Count(i => !i.StartsWith('^')) is var given && given != needed)
                throw new TensorFlowFormatException(
                    $"{file} cannot be imported: node {node.Op} '{node.Name}' has {given} inputs; its op takes {needed}."
                );
        }
    }

    /// <summary>True if a tensor has few values, or a byte of the file for each.</summary>
    private static bool IsBorneOut(TensorProto tensor) =>
        TensorCheck.CountOf([.. tensor.TensorShape?.Dim.Select(d => d.Size) ?? []]) is { } count
        && (count <= TensorReading.MaxRepeated || count <= tensor.CalculateSize());

    /// <summary>The number of inputs that a node must have; null where its op or an attribute is not known.</summary>
    private static long? InputsOf(NodeDef node)
    {
        if (KnownOps.Find(node.Op) is not { } op)
            return null;
        long inputs = 0;
        foreach (OpDef.Types.ArgDef argument in op.InputArg)
        {
            bool isNumber = argument.NumberAttr.Length > 0;
            if (!isNumber && argument.TypeListAttr.Length == 0)
                inputs++;
            // In a function the call may give it.
            else if (
                !node.Attr.TryGetValue(isNumber ? argument.NumberAttr : argument.TypeListAttr, out AttrValue? value)
                || value.ValueCase != (isNumber ? AttrValue.ValueOneofCase.I : AttrValue.ValueOneofCase.List)
            )
                return null;
            else
                inputs += isNumber ? value.I : value.List.Type.Count;
        }
        return inputs;
    }
}
