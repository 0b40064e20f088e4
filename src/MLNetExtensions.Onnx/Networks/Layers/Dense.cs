namespace MLNetExtensions.Onnx.Networks.Layers;

/// <summary>
/// A linear layer over the last dimension: [.., features] to [.., units]. Parameters <c>weight</c> [units, features], <c>bias</c> [units].
/// Images are flattened by a <see cref="Flatten"/> before it.
/// </summary>
/// <param name="Units">The number of outputs.</param>
public sealed record Dense(int Units) : Layer
{
    /// <summary>True to add a bias to each output.</summary>
    /// <value>The default is true.</value>
    public bool UseBias { get; init; } = true;

    /// <summary>The initializer of the weights; null for the network's default.</summary>
    public Initializer? KernelInitializer { get; init; }

    /// <summary>The initializer of the biases; null for the network's default.</summary>
    public Initializer? BiasInitializer { get; init; }

    /// <inheritdoc/>
    protected internal override NetworkValue Apply(NetworkValue input, LayerContext layer)
    {
        layer.Require(Units > 0, $"Units is {Units}; it must be positive.");
        layer.Require(input.Shape.Count > 0, "it wants at least one dimension beside the batch.");
        int features = input.Shape[^1];
        var fan = new Fan(features, Units);
        string weight = layer.Parameter("weight", KernelInitializer ?? layer.Defaults.Kernel, fan, Units, features);
        string? bias = UseBias ? layer.Parameter("bias", BiasInitializer ?? layer.Defaults.Bias, fan, Units) : null;
        return Linear(layer, input, weight, bias);
    }

    /// <summary>x W' + b over the last dimension. More dimensions are rows of one product, which every runtime does in one call.</summary>
    internal static NetworkValue Linear(LayerContext layer, NetworkValue input, string weight, string? bias)
    {
        bool isMatrix = input.Shape.Count == 1;
        string rows = isMatrix ? input.Name : layer.Node("Flatten", [input.Name], OnnxAttribute.Of("axis", (long)input.Shape.Count)).Name;
        NetworkValue output = layer.Node("Gemm", bias is null ? [rows, weight] : [rows, weight, bias], OnnxAttribute.Of("transB", 1L));
        if (isMatrix)
            return output;
        string shape = layer.Integers("shape", [-1, .. input.Shape.SkipLast(1).Select(size => (long)size), output.Shape[0]]);
        return layer.Node("Reshape", [output.Name, shape]);
    }
}
