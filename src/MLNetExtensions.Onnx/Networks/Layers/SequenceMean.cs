namespace MLNetExtensions.Onnx.Networks.Layers;

/// <summary>The mean over the steps of a sequence (Keras's GlobalAveragePooling1D): [steps, features] to [features].</summary>
public sealed record SequenceMean : Layer
{
    /// <inheritdoc/>
    protected internal override NetworkValue Apply(NetworkValue input, LayerContext layer)
    {
        layer.RequireSequence();
        return layer.Node("ReduceMean", [input.Name, layer.Integers("axis", 1)], OnnxAttribute.Of("keepdims", 0L));
    }
}
