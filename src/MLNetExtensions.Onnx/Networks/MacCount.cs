using MLNetExtensions.Onnx.Lowering;
using MLNetExtensions.Onnx.Operators;

namespace MLNetExtensions.Onnx.Networks;

/// <summary>Counts multiplications and additions (as one) of a node whose shapes are known.</summary>
internal static class MacCount
{
    /// <summary>
    /// The MACs of one row of a graph whose sizes are all known. Unknown operators, and the nodes that depend on them, count as 0.
    /// </summary>
    public static long OfRow(OnnxGraph graph)
    {
        LoweringValues values = GraphLowering.Evaluate(graph);
        long rows = Math.Max(1, graph.Inputs.FirstOrDefault()?.Shape?.FirstOrDefault().Size ?? 1);
        return graph.Nodes.Sum(node => node.Domain.Length == 0 ? Of(node, name => values.Types.GetValueOrDefault(values.Resolve(name))) : 0)
            / rows;
    }

    public static long Of(OnnxNode node, LoweredGraph graph) => Of(node, name => graph.Types.GetValueOrDefault(name));

    private static long Of(OnnxNode node, Func<string, TensorType?> typeOf)
    {
        if (Result() is not { } result || node.Inputs.Append(result).Any(name => name.Length > 0 && typeOf(name) is null))
            return 0;
        try
        {
            return Count();
        }
        catch (Exception e) when (NodeFault.Is(e))
        {
            throw new OnnxFormatException(
                $"Node {node.Describe()}: its multiplications cannot be counted, as its inputs do not fit the operator or are beyond "
                    + $"counting ({e.Message})",
                e
            );
        }

        long Count() =>
            node.OpType switch
            {
                "Conv" => Output().Count * Product(Input(1).Shape[1..]),
                "ConvTranspose" => Input(0).Count * Product(Input(1).Shape[1..]),
                "Gemm" => Output().Count * Input(0).Shape[node.Int("transA", 0) != 0 ? 0 : 1],
                "MatMul" => Output().Count * Input(0).Shape[^1],
                // Each step reads all weights once, whatever the layout.
                "LSTM" or "GRU" or "RNN" => Input(0).Count / Input(0).Shape[2] * (Input(1).Count + Input(2).Count),
                _ => 0,
            };

        TensorType Input(int index) => typeOf(node.Inputs[index])!;

        TensorType Output() => typeOf(result)!;

        string? Result() => node.Outputs.FirstOrDefault(o => o.Length > 0);
    }

    private static long Product(IEnumerable<long> sizes) => sizes.Aggregate(1L, (product, size) => product * size);
}
