namespace MLNetExtensions.TensorFlow.Ops;

/// <summary>
/// <see href="https://onnx.ai/onnx/operators/onnx__BatchNormalization.html">BatchNormalization</see>. The session, not the node's
/// <c>training_mode</c>, says whether the batch's statistics count. Running statistics are updated as PyTorch does: with the unbiased
/// variance, and a momentum that is 1 minus ONNX's (ONNX's is the share kept).
/// </summary>
internal static class BatchNormalization
{
    public static OpResult[] Compile(OpCompilation op)
    {
        float epsilon = op.Node.Float("epsilon", 1e-5f);
        double keep = op.Node.Float("momentum", 0.9f);
        long[] shape = op.InputType(0).Shape;
        if (op.IsOutputUsed(1) || op.IsOutputUsed(2))
            throw op.Unsupported("running statistics as outputs that other nodes read");
        TensorFlowGraph g = op.Graph;
        long channels = shape.Length > 1 ? shape[1] : 1,
            values = shape.Where((_, axis) => axis != 1).Aggregate(1L, (product, size) => product * size);
        // The variance of one value a channel does not exist (a last batch of one row after global pooling): its running statistics must
        // not become NaN.
        bool training = op.Pass.BatchNormTraining && values > 1;

        Symbol x = shape.Length >= 3 ? op.ChannelsLast(0) : op.Input(0);
        long[] own = x.Shape;
        // The op only knows images; an image of one row does for other shapes.
        Symbol image = own.Length == 4 ? x : op.Reshape(x, 1, values, 1, channels);
        Symbol scale = op.Input(1),
            bias = op.Input(2),
            mean = op.Input(3),
            variance = op.Input(4);
        if (image.Type == DataType.Double)
            return [new OpResult(Double(op, x, scale, bias, mean, variance, epsilon), own.Length >= 3)];

        // The op takes images of 16 bits, but its parameters and statistics in 32.
        (scale, bias, mean, variance) = (Wide(scale), Wide(bias), g.Cast(mean, DataType.Float), g.Cast(variance, DataType.Float));
        Symbol empty = g.Constant(ReadOnlySpan<float>.Empty, 0);
        Symbol[] all = g.Op("FusedBatchNormV3")
            .Input(image)
            .Input(scale)
            .Input(bias)
            .Input(training ? empty : mean)
            .Input(training ? empty : variance)
            .Set("epsilon", epsilon)
            .Set("is_training", training)
            .Outputs();
        if (training)
        {
            op.UpdateState(3, mean * keep + all[1] * (1 - keep));
            op.UpdateState(4, variance * keep + all[2] * (1 - keep));
        }
        Symbol y = op.Step(
            [image, scale, bias],
            all[0],
            outputs =>
            {
                Symbol[] gradients = g.Op("FusedBatchNormGradV3")
                    .Input(outputs[0]!.Value)
                    .Input(image)
                    .Input(scale)
                    .Input(training ? all[3] : mean)
                    .Input(training ? all[4] : variance)
                    .Input(training ? all[5] : empty)
                    .Set("epsilon", epsilon)
                    .Set("is_training", training)
                    .Outputs();
                return [gradients[0], gradients[1], gradients[2]];
            }
        );
        if (own.Length != 4)
            y = op.Reshape(y, own);
        return [new OpResult(y, own.Length >= 3)];

        Symbol Wide(Symbol value) => value.Type == DataType.Float ? value : op.Derive(value, v => g.Cast(v, DataType.Float));
    }

    /// <summary>Normalizes 64-bit values, which the op does not support, by the running statistics.</summary>
    private static Symbol Double(OpCompilation op, Symbol x, Symbol scale, Symbol bias, Symbol mean, Symbol variance, float epsilon)
    {
        Symbol factor = op.Step([scale], scale * op.Graph.Rsqrt(variance + epsilon));
        return op.Step([x, factor, bias], (x - mean) * factor + bias);
    }
}
