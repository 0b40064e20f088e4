using F = TorchSharp.torch.nn.functional;

namespace MLNetExtensions.TorchSharp.Ops;

/// <summary>
/// <see href="https://onnx.ai/onnx/operators/onnx__BatchNormalization.html">BatchNormalization</see>. The session, not the node's
/// <c>training_mode</c>, says whether the batch's statistics count. Running statistics are updated in place as PyTorch does: with the
/// unbiased variance, and a momentum that is 1 minus ONNX's (ONNX's is the share kept).
/// </summary>
internal static class BatchNormalization
{
    public static OpKernel Compile(OpCompilation op)
    {
        float epsilon = op.Node.Float("epsilon", 1e-5f);
        double momentum = 1 - (double)op.Node.Float("momentum", 0.9f);
        long[] shape = op.InputType(0).Shape;
        if (op.IsOutputUsed(1) || op.IsOutputUsed(2))
            throw op.Unsupported("running statistics as outputs that other nodes read");
        // The variance of one value a channel does not exist (a last batch of one row after global pooling): its running statistics must
        // not become NaN.
        bool hasVariance = shape.Where((_, axis) => axis != 1).Aggregate(1L, (product, size) => product * size) > 1;

        return (inputs, run) =>
            [
                F.batch_norm(
                    inputs[0]!,
                    inputs[3]!,
                    inputs[4]!,
                    inputs[1]!,
                    inputs[2]!,
                    run.BatchNormTraining && hasVariance,
                    momentum,
                    epsilon
                ),
            ];
    }
}
