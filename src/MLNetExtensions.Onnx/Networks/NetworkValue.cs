namespace MLNetExtensions.Onnx.Networks;

/// <summary>A value of a network under construction: the input or output of a layer.</summary>
public sealed class NetworkValue
{
    internal NetworkValue(NetworkBuilder network, string name, IReadOnlyList<int> shape)
    {
        Network = network;
        Name = name;
        Shape = shape;
    }

    /// <summary>The name of the value in the ONNX graph.</summary>
    public string Name { get; }

    /// <summary>
    /// The sizes without the batch, which is the first dimension: [channels, height, width] for images, [steps, features] for sequences.
    /// </summary>
    public IReadOnlyList<int> Shape { get; }

    internal NetworkBuilder Network { get; }

    /// <summary>Applies layers one after another.</summary>
    /// <returns>The output of the last one.</returns>
    /// <exception cref="LayerException">A layer does not fit its input; the message names the layer, its input and the expected
    /// input.</exception>
    public NetworkValue Then(params ReadOnlySpan<Layer> layers)
    {
        NetworkValue value = this;
        foreach (Layer layer in layers)
            value = Network.Apply(layer, value);
        return value;
    }

    /// <summary>The sum, such as of a block and its shortcut; sizes of 1 are repeated.</summary>
    /// <exception cref="LayerException">The shapes do not fit together.</exception>
    public static NetworkValue operator +(NetworkValue a, NetworkValue b) => a.Network.Combine("Add", a, b);

    /// <summary>The product, such as of features and gates; sizes of 1 are repeated.</summary>
    /// <exception cref="LayerException">The shapes do not fit together.</exception>
    public static NetworkValue operator *(NetworkValue a, NetworkValue b) => a.Network.Combine("Mul", a, b);

    /// <summary>Concatenates values along an axis.</summary>
    /// <param name="axis">The axis, the batch being 0: 1 is the channels of images.</param>
    /// <param name="values">Two or more values whose other sizes agree.</param>
    /// <exception cref="LayerException">The shapes do not fit together.</exception>
    public static NetworkValue Concat(int axis, params IReadOnlyList<NetworkValue> values) =>
        values.Count > 0
            ? values[0].Network.Combine("Concat", [.. values], OnnxAttribute.Of("axis", (long)axis))
            : throw new ArgumentException("Concat needs values.", nameof(values));

    /// <inheritdoc/>
    public override string ToString() => $"{Name} [batch, {string.Join(", ", Shape)}]";
}
