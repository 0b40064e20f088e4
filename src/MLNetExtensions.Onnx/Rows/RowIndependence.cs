using MLNetExtensions.Onnx.Operators;

namespace MLNetExtensions.Onnx.Rows;

/// <summary>
/// Finds out from a graph alone whether each row of a batch is computed from that row alone: follows the dimension that counts rows from
/// the inputs through all nodes. What is not known is said to be unknown, never to be independent; <see cref="RowProbe"/> tries such
/// graphs.
/// </summary>
internal static class RowIndependence
{
    private static readonly Dictionary<(string Domain, string OpType), RowRule> Rules = Collect();

    /// <summary>The operators whose doings with rows are known.</summary>
    public static IEnumerable<(string Domain, string OpType)> Operators => Rules.Keys;

    /// <summary>Follows the rows through a graph whose inputs all have them in the first dimension.</summary>
    /// <param name="graph">The graph; the data of its larger initializers are not looked at.</param>
    public static RowFinding Find(OnnxGraph graph) => Find(graph, RowsFirst(graph), [.. graph.Outputs.Select(o => o.Name)]);

    /// <summary>The dimension that counts rows, of each value that has one, in a graph whose inputs all have them first.</summary>
    /// <param name="graph">The graph; the data of its larger initializers are not looked at.</param>
    public static IReadOnlyDictionary<string, int> FindAxes(OnnxGraph graph) =>
        Walk(graph, RowsFirst(graph)).Where(v => v.Value.IsRows).ToDictionary(v => v.Key, v => v.Value.Axis);

    /// <summary>Follows the rows through a graph.</summary>
    /// <param name="graph">The graph; the data of its larger initializers are not looked at.</param>
    /// <param name="inputs">The position of rows in its inputs.</param>
    /// <param name="outputs">The outputs that matter.</param>
    public static RowFinding Find(OnnxGraph graph, IReadOnlyList<RowInput> inputs, IReadOnlyCollection<string> outputs)
    {
        Dictionary<string, RowValue> values = Walk(graph, inputs);
        RowValue[] ends = [.. outputs.Select(name => values.TryGetValue(name, out RowValue? value) ? value : Missing(name))];
        return ends.FirstOrDefault(v => v.Flow == RowFlow.Mixed)?.Cause
            ?? ends.FirstOrDefault(v => v.Flow == RowFlow.Unknown)?.Cause
            ?? (
                Array.TrueForAll(ends, v => v.IsRows)
                    ? RowFinding.Independent
                    : new RowFinding(RowVerdict.Unknown, "An output does not follow the rows")
            );
    }

    private static RowInput[] RowsFirst(OnnxGraph graph) =>
        [.. graph.Inputs.Select(i => new RowInput(i.Name, 0, i.Shape?.Select(d => d.Size ?? -1).ToArray()))];

    private static Dictionary<string, RowValue> Walk(OnnxGraph graph, IReadOnlyList<RowInput> inputs)
    {
        Dictionary<string, RowValue> values = inputs.ToDictionary(i => i.Name, i => i.ToValue());
        foreach ((string name, OnnxTensor tensor) in graph.Initializers)
            values.TryAdd(name, RowValue.Of(tensor));
        foreach (OnnxNode node in graph.Nodes)
        {
            RowValue[] made = Follow(node, graph.Opsets.GetValueOrDefault(node.Domain, 1), values);
            for (int i = 0; i < node.Outputs.Count; i++)
                if (node.HasOutput(i))
                    values[node.Outputs[i]] = made[Math.Min(i, made.Length - 1)];
        }
        return values;
    }

    private static RowValue[] Follow(OnnxNode node, int opset, Dictionary<string, RowValue> values)
    {
        if (node.OpType == "Constant" && node.Domain.Length == 0)
            return [Constant(node)];
        RowValue[] inputs =
        [
            .. node.Inputs.Select(name =>
                name.Length == 0 ? RowValue.Fixed()
                : values.TryGetValue(name, out RowValue? value) ? value
                : Missing(name)
            ),
        ];
        if ((Array.Find(inputs, v => v.Flow == RowFlow.Mixed) ?? Array.Find(inputs, v => v.Flow == RowFlow.Unknown)) is { } lost)
            return [lost];
        var row = new RowNode(node, opset, inputs);
        bool isFixed = Array.TrueForAll(inputs, v => v.IsFixed);
        bool hasBody = node.Attributes.Values.Any(a => a.Proto.G is not null || a.Proto.Graphs.Count > 0);
        if (!Rules.TryGetValue((node.Domain, node.OpType), out RowRule? rule) || hasBody)
            return [isFixed && !hasBody ? RowValue.Fixed() : row.Hides()];
        if (inputs.Take(rule.DataInputs).Any(v => v.Flow == RowFlow.Count))
            return [row.Hides("takes the number of rows into their values")];
        RowValue[] made;
        try
        {
            made = rule.Apply(row);
        }
        catch (Exception e) when (NodeFault.Is(e) || e is OnnxFormatException)
        {
            return [row.Hides($"has inputs or attributes that do not fit it ({e.Message})")];
        }
        // A value computed from constants is a constant, even if its shape cannot be followed.
        return isFixed ? [.. made.Select(v => v.Flow == RowFlow.Unknown ? RowValue.Fixed() : v)] : made;
    }

    private static RowValue Constant(OnnxNode node)
    {
        OnnxAttribute? value = node.Attributes.Values.FirstOrDefault();
        if (value is null)
            return RowValue.Fixed();
        // The data of a large tensor may have been left out.
        return value.Proto.T is { } tensor && TensorCheck.CountOf(tensor.Dims) is null or > RowValue.MaxElements
            ? RowValue.Fixed([.. tensor.Dims.Select(RowSize.Of)])
            : value.Value switch
            {
                OnnxTensor constant => RowValue.Of(constant),
                long number => RowValue.Of([RowSize.Of(number)], isScalar: true),
                long[] numbers => RowValue.Of([.. numbers.Select(RowSize.Of)]),
                _ => RowValue.Fixed(),
            };
    }

    private static RowValue Missing(string name) =>
        RowValue.Because(new RowFinding(RowVerdict.Unknown, $"Value '{name}' is not known to the graph"));

    private static Dictionary<(string, string), RowRule> Collect()
    {
        var rules = new Dictionary<(string, string), RowRule>();
        Add(
            "",
            [
                ElementwiseRows.Rules,
                LayoutRows.Rules,
                IndexingRows.Rules,
                WindowRows.Rules,
                ReductionRows.Rules,
                MatrixRows.Rules,
                RecurrentRows.Rules,
                QuantizingRows.Rules,
            ]
        );
        Add(
            "com.microsoft",
            [
                ElementwiseRows.RulesOfMicrosoft,
                LayoutRows.RulesOfMicrosoft,
                WindowRows.RulesOfMicrosoft,
                ReductionRows.RulesOfMicrosoft,
                MatrixRows.RulesOfMicrosoft,
                QuantizingRows.RulesOfMicrosoft,
            ]
        );
        Add("ai.onnx.ml", [WindowRows.RulesOfMachineLearning]);
        return rules;

        void Add(string domain, IEnumerable<(string OpType, RowRule Rule)>[] families)
        {
            foreach ((string op, RowRule rule) in families.SelectMany(f => f))
                rules.Add((domain, op), rule);
        }
    }
}
