using Google.Protobuf;
using MLNetExtensions.TensorFlow.Proto;

namespace MLNetExtensions.TensorFlow.Tests.Interchange;

/// <summary>
/// A SavedModel in the form that Keras of TensorFlow 2 gives it: the graph only calls a function, which calls the model's function; that
/// one gets variables as arguments, reads them, and makes its result wait for all reads.
/// </summary>
internal static class KerasModels
{
    private const int Float = 1,
        Resource = 20;

    /// <summary>Rewrites a model that was written flat.</summary>
    public static void Wrap(string folder)
    {
        string path = Path.Combine(folder, "saved_model.pb");
        SavedModel model = SavedModel.Parser.ParseFrom(File.ReadAllBytes(path));
        MetaGraphDef meta = model.MetaGraphs[0];
        SignatureDef signature = meta.SignatureDef["serving_default"];
        string input = signature.Inputs.Values.Single().Name[..^2],
            output = signature.Outputs.Values.Single().Name[..^2];
        NodeDef[] nodes = [.. meta.GraphDef.Node],
            saving = [.. nodes.Where(n => n.Name.StartsWith("save/", StringComparison.Ordinal) || n.Op is "AssignVariableOp")];
        NodeDef[] variables = [.. nodes.Where(n => n.Op == "VarHandleOp")];
        // The saver has constants and reads of its own, which the model's function must not take along.
        HashSet<string> read = [.. Needed(nodes, output)],
            saved = [.. Needed(nodes, [.. saving.Select(n => n.Name)])];
        NodeDef[] body = [.. nodes.Where(n => read.Contains(n.Name) && n.Op is not ("Placeholder" or "VarHandleOp"))];
        Dictionary<string, NodeDef> byName = nodes.ToDictionary(n => n.Name);

        var arguments = variables
            .Select((v, i) => (v.Name, Argument: $"variable_{i}"))
            .Prepend((Name: input, Argument: "inputs"))
            .ToDictionary(a => a.Name, a => a.Argument);
        FunctionDef inner = Function("__inference__wrapped_model_17", arguments.Values, "Identity");
        foreach (NodeDef node in body)
        {
            NodeDef copy = node.Clone();
            copy.Name = Inside(node.Name);
            for (int i = 0; i < copy.Input.Count; i++)
                copy.Input[i] = arguments.TryGetValue(copy.Input[i], out string? argument) ? argument : Value(byName, copy.Input[i]);
            inner.NodeDef.Add(copy);
        }
        var wait = new NodeDef { Name = "NoOp", Op = "NoOp" };
        wait.Input.AddRange(body.Where(n => n.Op == "ReadVariableOp").Select(n => "^" + Inside(n.Name)));
        var result = new NodeDef
        {
            Name = "Identity",
            Op = "Identity",
            Input = { Value(byName, output), "^NoOp" },
        };
        result.Attr["T"] = new AttrValue { Type = Float };
        inner.NodeDef.Add([wait, result]);
        inner.Ret["Identity"] = "Identity:output:0";

        FunctionDef outer = Function("__inference_signature_wrapper_42", arguments.Values, "Identity");
        outer.NodeDef.Add(Call("StatefulPartitionedCall", inner, arguments.Values));
        NodeDef handed = result.Clone();
        handed.Input.Clear();
        handed.Input.AddRange(["StatefulPartitionedCall:output:0", "^StatefulPartitionedCall"]);
        outer.NodeDef.Add(handed);
        outer.Ret["Identity"] = "Identity:output:0";

        var graph = new GraphDef { Library = new FunctionDefLibrary { Function = { outer, inner } } };
        graph.MergeFrom(new GraphDef(meta.GraphDef) { Node = { } });
        graph.Node.Clear();
        NodeDef placeholder = byName[input].Clone();
        placeholder.Name = "serving_default_input_1";
        graph.Node.Add([placeholder, .. nodes.Where(n => n.Op == "VarHandleOp" || saved.Contains(n.Name) && n.Op is not "VarHandleOp")]);
        graph.Node.Add(Call("StatefulPartitionedCall", outer, [placeholder.Name, .. variables.Select(v => v.Name)]));
        meta.GraphDef = graph;
        signature.Inputs["input_1"] = new TensorInfo
        {
            Name = placeholder.Name + ":0",
            Dtype = Float,
            TensorShape = signature.Inputs.Values.Single().TensorShape,
        };
        foreach (string old in signature.Inputs.Keys.Where(k => k != "input_1").ToArray())
            signature.Inputs.Remove(old);
        signature.Outputs.Values.Single().Name = "StatefulPartitionedCall:0";
        File.WriteAllBytes(path, model.ToByteArray());
    }

    private static FunctionDef Function(string name, IEnumerable<string> arguments, string result)
    {
        var function = new FunctionDef { Signature = new OpDef { Name = name } };
        function.Signature.InputArg.Add(arguments.Select((a, i) => new OpDef.Types.ArgDef { Name = a, Type = i == 0 ? Float : Resource }));
        function.Signature.OutputArg.Add(new OpDef.Types.ArgDef { Name = result, Type = Float });
        return function;
    }

    private static NodeDef Call(string name, FunctionDef function, IEnumerable<string> inputs)
    {
        var call = new NodeDef { Name = name, Op = "StatefulPartitionedCall" };
        call.Input.AddRange(inputs);
        call.Attr["f"] = new AttrValue { Func = new NameAttrList { Name = function.Signature.Name } };
        call.Attr["Tin"] = new AttrValue
        {
            List = new AttrValue.Types.ListValue { Type = { function.Signature.InputArg.Select(a => a.Type) } },
        };
        call.Attr["Tout"] = new AttrValue { List = new AttrValue.Types.ListValue { Type = { Float } } };
        return call;
    }

    private static string Inside(string name) => name.Replace('/', '_');

    /// <summary>Inside a function a value is named after its op's output too.</summary>
    private static string Value(Dictionary<string, NodeDef> nodes, string input) =>
        $"{Inside(input)}:{nodes[input].Op switch
    {
        "ReadVariableOp" => "value",
        "FusedBatchNormV3" => "y",
        "Relu" => "activations",
        "MatMul" => "product",
        "Transpose" => "y",
        "Conv2D" or "Const" or "Mean" or "Reshape" or "Identity" => "output",
        string other => throw new NotSupportedException($"{other} in a function."),
    }}:0";

    private static IEnumerable<string> Needed(NodeDef[] nodes, params IEnumerable<string> names)
    {
        Dictionary<string, NodeDef> byName = nodes.ToDictionary(n => n.Name);
        var open = new Stack<string>(names);
        var seen = new HashSet<string>();
        while (open.TryPop(out string? name))
        {
            if (!seen.Add(name))
                continue;
            foreach (string input in byName[name].Input)
                open.Push(input.TrimStart('^').Split(':')[0]);
        }
        return seen;
    }
}
