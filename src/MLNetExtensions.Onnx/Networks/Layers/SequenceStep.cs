namespace MLNetExtensions.Onnx.Networks.Layers;

/// <summary>One step of a sequence: [steps, features] to [features].</summary>
/// <param name="Index">The step, from 0; negative ones count from the end.</param>
public sealed record SequenceStep(int Index) : Layer
{
    /// <inheritdoc/>
    protected internal override NetworkValue Apply(NetworkValue input, LayerContext layer)
    {
        (int steps, _) = layer.RequireSequence();
        layer.Require(Index >= -steps && Index < steps, $"there is no step {Index} among {steps}.");
        int step = Index < 0 ? Index + steps : Index;
        NetworkValue part = layer.Node(
            "Slice",
            [input.Name, layer.Integers("start", step), layer.Integers("end", step + 1), layer.Integers("axis", 1)]
        );
        return layer.Node("Flatten", [part.Name]);
    }
}
