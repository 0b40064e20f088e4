using MLNetExtensions.Onnx;
using MLNetExtensions.Onnx.Lowering;

namespace MLNetExtensions.Networks;

/// <summary>Counts multiplications and additions (as one) of a node whose shapes are known.</summary>
internal static class MacCount
{
    public static long Of(OnnxNode node, LoweredGraph graph)
    {
        return node.OpType switch
        {
            "Conv" => Output().Count * Product(Input(1).Shape[1..]),
            "ConvTranspose" => Input(0).Count * Product(Input(1).Shape[1..]),
            "Gemm" => Output().Count * Input(0).Shape[node.Int("transA", 0) != 0 ? 0 : 1],
            "MatMul" => Output().Count * Input(0).Shape[^1],
            // Each step reads all weights once, whatever the layout.
            "LSTM" or "GRU" or "RNN" => Input(0).Count / Input(0).Shape[2] * (Input(1).Count + Input(2).Count),
            _ => 0,
        };

        TensorType Input(int index) => graph.Types[node.Inputs[index]];

        TensorType Output() => graph.Types[node.Outputs.First(o => o.Length > 0)];
    }

    private static long Product(IEnumerable<long> sizes) => sizes.Aggregate(1L, (product, size) => product * size);
}
