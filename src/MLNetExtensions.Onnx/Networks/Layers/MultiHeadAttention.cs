namespace MLNetExtensions.Onnx.Networks.Layers;

/// <summary>
/// Self-attention of several heads (arXiv 1706.03762): [steps, features] to the same. Dense layers <c>qkv</c> (queries, keys and values in
/// one) and <c>proj</c>.
/// </summary>
/// <param name="Heads">The number of heads; features must be a multiple.</param>
public sealed record MultiHeadAttention(int Heads) : Layer
{
    /// <summary>The fraction of attention weights that training drops.</summary>
    /// <value>The default is 0.</value>
    public float Dropout { get; init; }

    /// <summary>True to add biases to <c>qkv</c> and <c>proj</c>.</summary>
    /// <value>The default is true.</value>
    public bool UseBias { get; init; } = true;

    /// <summary>The initializer of the weights.</summary>
    /// <value>The default is GlorotUniform for <c>qkv</c> and <c>proj</c>.</value>
    public Initializer KernelInitializer { get; init; } = new Initializers.GlorotUniform();

    /// <inheritdoc/>
    protected internal override NetworkValue Apply(NetworkValue input, LayerContext layer)
    {
        (int steps, int features) = layer.RequireSequence();
        layer.Require(Heads > 0 && features % Heads == 0, $"{features} features are not a multiple of {Heads} heads.");
        int size = features / Heads;
        NetworkValue all = input.Then(Projection("qkv", 3 * features));
        all = layer.Node("Reshape", [all.Name, layer.Integers("split", -1, steps, 3, Heads, size)]);
        all = layer.Node("Transpose", [all.Name], OnnxAttribute.Of("perm", 2L, 0L, 3L, 1L, 4L));
        NetworkValue[] parts = layer.Nodes(3, "Split", [all.Name], OnnxAttribute.Of("axis", 0L), OnnxAttribute.Of("num_outputs", 3L));
        string axis = layer.Integers("axis", 0);
        string[] part = [.. parts.Select(p => layer.Node("Squeeze", [p.Name, axis]).Name)];
        (string queries, string keys, string values) = (part[0], part[1], part[2]);

        string scaled = layer.Node("Mul", [queries, layer.Number("scale", 1 / MathF.Sqrt(size))]).Name;
        string turned = layer.Node("Transpose", [keys], OnnxAttribute.Of("perm", 0L, 1L, 3L, 2L)).Name;
        NetworkValue weights = layer.Node("Softmax", [layer.Node("MatMul", [scaled, turned]).Name], OnnxAttribute.Of("axis", -1L));
        weights = new Dropout(Dropout).Apply(weights, layer);
        NetworkValue mixed = layer.Node("MatMul", [weights.Name, values]);
        mixed = layer.Node("Transpose", [mixed.Name], OnnxAttribute.Of("perm", 0L, 2L, 1L, 3L));
        mixed = layer.Node("Reshape", [mixed.Name, layer.Integers("join", -1, steps, features)]);
        return mixed.Then(Projection("proj", features));
    }

    private Dense Projection(string name, int units) =>
        new(units)
        {
            Name = name,
            UseBias = UseBias,
            KernelInitializer = KernelInitializer,
            BiasInitializer = new Initializers.Zeros(),
        };
}
