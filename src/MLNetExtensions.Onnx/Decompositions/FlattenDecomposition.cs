using MLNetExtensions.Onnx.Operators;

namespace MLNetExtensions.Onnx.Decompositions;

/// <summary>Flatten is a Reshape to two dimensions.</summary>
internal sealed class FlattenDecomposition() : NodeRewrite("Flatten")
{
    public override void Apply(LoweringNode node, SubgraphBuilder build)
    {
        long[] shape = node.Shape(0);
        long axis = node.Node.Int("axis", 1);
        int cut = (int)(axis < 0 ? axis + shape.Length : axis);
        long rows = shape[..cut].Aggregate(1L, (product, size) => product * size);
        build.Finish("Reshape", [node.Node.Inputs[0], build.Ints(rows, -1)]);
    }
}
