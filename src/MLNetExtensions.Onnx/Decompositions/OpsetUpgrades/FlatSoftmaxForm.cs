using MLNetExtensions.Onnx.Operators;

namespace MLNetExtensions.Onnx.Decompositions.OpsetUpgrades;

/// <summary>
/// Softmax, LogSoftmax and Hardmax before opset 13 work on the matrix that all dimensions from the axis on make together, and their axis
/// is 1 where it is not given.
/// </summary>
internal sealed class FlatSoftmaxForm(string opType) : NodeRewrite(opType, until: 12)
{
    public override void Apply(LoweringNode node, SubgraphBuilder build)
    {
        long[] shape = node.Shape(0);
        string input = node.Node.Inputs[0];
        long given = node.Node.Int("axis", 1);
        int axis = given == shape.Length ? shape.Length : node.Axis(given, shape.Length);
        if (axis == shape.Length - 1 || (axis < shape.Length && shape[(axis + 1)..].All(size => size == 1)))
        {
            build.Finish(OpType, [input], OnnxAttribute.Of("axis", axis));
            return;
        }
        long rows = shape[..axis].Aggregate(1L, (product, size) => product * size);
        long columns = shape[axis..].Aggregate(1L, (product, size) => product * size);
        string matrix = build.Add("Reshape", [input, build.Ints(rows, columns)]);
        string result = build.Add(OpType, [matrix], OnnxAttribute.Of("axis", 1));
        build.Finish("Reshape", [result, build.Ints(shape)]);
    }
}
