using MLNetExtensions.Onnx;

namespace MLNetExtensions.TrainingContract.NodeTests;

/// <summary>
/// Runs a node test through lowering and the runtime's kernels in inference mode. The product compiles for static shapes, so what a shape
/// or an attribute-like choice depends on must be known at compile time, while these tests give everything at run time. Therefore the
/// inputs of <see cref="CompileTimeInputs"/>, and those from which function bodies (the <c>_expanded</c> tests) compute them, become
/// initializers; the others stay inputs. tests/Peers runs the same code, so nothing here knows xunit.
/// </summary>
internal static class NodeTestRunner
{
    /// <summary>
    /// The positions of inputs that are axes, shapes, pads, bounds and the like; models in practice have them as initializers.
    /// </summary>
    private static readonly Dictionary<string, int[]> CompileTimeInputs = new()
    {
        ["AffineGrid"] = [1],
        ["Clip"] = [1, 2],
        ["ConstantOfShape"] = [0],
        ["CumSum"] = [1],
        ["Dropout"] = [1, 2],
        ["Expand"] = [1],
        ["OneHot"] = [1],
        ["Pad"] = [1, 2, 3],
        ["Range"] = [0, 1, 2],
        ["Reshape"] = [1],
        ["Resize"] = [1, 2, 3],
        ["Slice"] = [1, 2, 3, 4],
        ["Split"] = [1],
        ["Squeeze"] = [1],
        ["Tile"] = [1],
        ["TopK"] = [1],
        ["Trilu"] = [1],
        ["Unsqueeze"] = [1],
        ["Upsample"] = [1],
    };

    /// <summary>Runs all tests in scope of an archive: null for each that passes, else why not.</summary>
    public static Dictionary<string, string?> RunAll(string archive) =>
        NodeTestArchive.Read(archive).Where(NodeTestScope.Contains).ToDictionary(t => t.Name, Run);

    /// <summary>Runs a test.</summary>
    /// <returns>Null where it passes, else why not.</returns>
    public static string? Run(NodeTest test)
    {
        try
        {
            return Compare(Compute(test), test.Outputs);
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            // Whatever goes wrong in one test is that test's result; the manifest decides whether it was expected.
            return $"{error.GetType().Name}: {error.Message.ReplaceLineEndings(" ")}";
        }
    }

    private static IReadOnlyList<OnnxTensor> Compute(NodeTest test)
    {
        OnnxGraph graph = test.Load();
        OnnxTensor[] inputs = test.Inputs;
        var values = new Dictionary<string, OnnxTensor>();
        for (int i = 0; i < inputs.Length; i++)
            values.Add(graph.Inputs[i].Name, inputs[i]);
        HashSet<string> fixedInputs = FixedValues(graph);
        graph = graph with
        {
            Inputs = [.. graph.Inputs.Where(i => !fixedInputs.Contains(i.Name))],
            Initializers = graph
                .Initializers.Concat(
                    values.Where(v => fixedInputs.Contains(v.Key)).Select(v => KeyValuePair.Create(v.Key, v.Value.Rename(v.Key)))
                )
                .ToDictionary(),
        };
        using IGraphRun run = RuntimeUnderTest.Compile(graph, graph.Inputs.ToDictionary(i => i.Name, i => values[i.Name].Shape.ToArray()));
        return run.Run(graph.Inputs.ToDictionary(i => i.Name, i => values[i.Name]));
    }

    /// <summary>
    /// The values at compile-time positions, and all that they are computed from (a Shape node's input is not: only its shape counts).
    /// </summary>
    private static HashSet<string> FixedValues(OnnxGraph graph)
    {
        var fixedValues = new HashSet<string>();
        foreach (OnnxNode node in graph.Nodes.Reverse())
        {
            fixedValues.UnionWith(FixedInputs(node));
            if (node.OpType is not ("Shape" or "Size") && node.Outputs.Any(fixedValues.Contains))
                fixedValues.UnionWith(node.Inputs);
        }
        return fixedValues;
    }

    private static IEnumerable<string> FixedInputs(OnnxNode node)
    {
        int[] positions = CompileTimeInputs.GetValueOrDefault(node.OpType, []);
        if (node.OpType.StartsWith("Reduce", StringComparison.Ordinal))
            positions = [1];
        return positions.Where(node.HasInput).Select(position => node.Inputs[position]);
    }

    private static string? Compare(IReadOnlyList<OnnxTensor> actual, OnnxTensor[] expected)
    {
        // The tolerances of ONNX's own test runner.
        const double relative = 1e-3,
            absolute = 1e-7;
        foreach ((OnnxTensor got, OnnxTensor want) in actual.Zip(expected))
        {
            if (!got.Shape.SequenceEqual(want.Shape))
                return $"shape [{string.Join(',', got.Shape)}], expected {want}";
            if (got.ElementType != want.ElementType)
                return $"type {got.ElementType}, expected {want}";
            double[] values = got.ToDoubles(),
                wanted = want.ToDoubles();
            for (int i = 0; i < values.Length; i++)
                if (!values[i].Equals(wanted[i]) && !(Math.Abs(values[i] - wanted[i]) <= absolute + (relative * Math.Abs(wanted[i]))))
                    return $"{values[i]} at {i}, expected {wanted[i]}";
        }
        return null;
    }
}
