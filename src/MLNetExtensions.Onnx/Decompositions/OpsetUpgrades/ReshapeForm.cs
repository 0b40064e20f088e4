using MLNetExtensions.Onnx.Operators;
using MLNetExtensions.Onnx.Shapes;

namespace MLNetExtensions.Onnx.Decompositions.OpsetUpgrades;

/// <summary>A Reshape with copied (0) or inferred (-1) sizes gets the sizes themselves, which are known.</summary>
internal sealed class ReshapeForm() : NodeRewrite("Reshape")
{
    public override bool Applies(LoweringNode node) => node.RequiredInts(1).Any(size => size <= 0) && !IsPlain(node);

    public override void Apply(LoweringNode node, SubgraphBuilder build)
    {
        long[] shape = ShapeInference.Infer(node)[0].Shape;
        string sizes = build.Ints(shape);
        // Only an empty tensor has a size of 0, which allowzero then takes as it is.
        if (shape.Contains(0))
            build.Finish("Reshape", [node.Node.Inputs[0], sizes], OnnxAttribute.Of("allowzero", 1));
        else
            build.Finish("Reshape", [node.Node.Inputs[0], sizes]);
    }

    private static bool IsPlain(LoweringNode node) => node.Node.Int("allowzero", 0) != 0 && !node.RequiredInts(1).Contains(-1);
}
