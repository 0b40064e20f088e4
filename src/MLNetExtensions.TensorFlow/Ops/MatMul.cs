namespace MLNetExtensions.TensorFlow.Ops;

/// <summary>
/// <see href="https://onnx.ai/onnx/operators/onnx__MatMul.html">MatMul</see>: matrix product with broadcasting of the leading dimensions.
/// </summary>
internal static class MatMul
{
    public static OpResult[] Compile(OpCompilation op)
    {
        TensorFlowGraph g = op.Graph;
        Symbol a = op.ToCompute(op.Input(0)),
            b = op.ToCompute(op.Input(1));
        long[] shapeA = op.InputType(0).Shape,
            shapeB = op.InputType(1).Shape,
            shape = op.OutputType(0).Shape;
        if (shapeA.Length == 2 && shapeB.Length == 2)
            return [op.Step([a, b], g.MatMul(a, b))];
        // A vector is a matrix of one row or column, which the result does not have.
        Symbol left = shapeA.Length == 1 ? op.Reshape(a, 1, shapeA[0]) : a;
        Symbol right = shapeB.Length == 1 ? op.Reshape(b, shapeB[0], 1) : b;
        // Many matrices times one are one product, whose gradient needs no sum over products.
        if (shapeB.Length <= 2 && shapeA.Length > 2)
        {
            Symbol flat = op.Reshape(left, Steps.Product(shapeA.AsSpan(..^1)), shapeA[^1]);
            Symbol product = op.Step([flat, right], g.MatMul(flat, right));
            return [op.Reshape(product, shape)];
        }
        Symbol result = op.Step([left, right], g.BatchMatMul(left, right));
        return [op.Reshape(result, shape)];
    }
}
