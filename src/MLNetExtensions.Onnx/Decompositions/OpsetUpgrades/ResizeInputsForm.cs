using MLNetExtensions.Onnx.Operators;

namespace MLNetExtensions.Onnx.Decompositions.OpsetUpgrades;

/// <summary>Opset 11 and 12 write scales or roi that are not given as empty tensors; later ones leave the input out.</summary>
internal sealed class ResizeInputsForm() : NodeRewrite("Resize", 11)
{
    public override bool Applies(LoweringNode node) => Enumerable.Range(1, node.InputCount - 1).Any(i => IsEmpty(node, i));

    public override void Apply(LoweringNode node, SubgraphBuilder build) =>
        build.Replace(node.Node with { Inputs = [.. node.Node.Inputs.Select((name, i) => IsEmpty(node, i) ? "" : name)] });

    private static bool IsEmpty(LoweringNode node, int input) => input > 0 && node.HasInput(input) && node.Type(input).Count == 0;
}
