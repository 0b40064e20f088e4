namespace MLNetExtensions.Onnx.Networks;

/// <summary>
/// A layer of a network: its settings, no state. Applying it to a value writes ONNX nodes and freshly drawn parameters into the value's
/// network, so that applying it twice makes two sets of parameters.
/// </summary>
public abstract record Layer
{
    /// <summary>
    /// The layer's name, unique among its neighbors; parameters are named after it as in PyTorch: <c>layer1.0.conv1.weight</c>.
    /// </summary>
    /// <value>The default is null: the type's name with a number, as Keras does (<c>conv2d</c>, <c>conv2d_1</c>).</value>
    public string? Name { get; init; }

    /// <summary>True if the inner layers of an unnamed layer are named as if they stood beside it.</summary>
    internal virtual bool IsTransparent => false;

    /// <summary>Builds a network that consists of this layer: from an image to the logits.</summary>
    /// <param name="channels">The number of channels of an image.</param>
    /// <param name="height">The height of an image.</param>
    /// <param name="width">The width of an image.</param>
    /// <param name="seed">The seed of the initial weights.</param>
    /// <param name="defaults">The initializers of layers that do not set their own; null is
    /// <see cref="InitializerDefaults.PyTorch"/>.</param>
    /// <returns>The graph: Float <c>input</c> [batch, channels, height, width] to <c>logits</c>.</returns>
    /// <exception cref="LayerException">A layer does not fit its input; the message names the layer, its input and the expected
    /// input.</exception>
    public OnnxGraph Build(int channels, int height, int width, int seed = 0, InitializerDefaults? defaults = null)
    {
        var network = new NetworkBuilder(seed, defaults);
        return network.Build(network.Input(channels, height, width).Then(this));
    }

    /// <summary>Writes the layer's nodes and parameters.</summary>
    /// <param name="input">The layer's input.</param>
    /// <param name="layer">The context that adds nodes and parameters, under the layer's name.</param>
    /// <returns>The layer's output.</returns>
    protected internal abstract NetworkValue Apply(NetworkValue input, LayerContext layer);
}
