namespace MLNetExtensions.Onnx.Networks;

/// <summary>The settings of a ready-made network, from which graphs are built for a given image size and number of outputs.</summary>
public abstract record Network
{
    /// <summary>Builds the graph with new random weights.</summary>
    /// <param name="outputs">The number of outputs: classes, or values to predict.</param>
    /// <param name="channels">The number of channels of an image.</param>
    /// <param name="height">The height of an image.</param>
    /// <param name="width">The width of an image.</param>
    /// <param name="seed">The seed of the initial weights.</param>
    /// <returns>The graph: Float <c>input</c> [batch, channels, height, width], standardized, to <c>logits</c> [batch, outputs].</returns>
    /// <exception cref="LayerException">The images are too small, or do not fit otherwise; the message names the layer.</exception>
    public OnnxGraph Build(int outputs, int channels = 3, int height = 32, int width = 32, int seed = 0)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(outputs, 1);
        var network = new NetworkBuilder(seed, Defaults);
        return network.Build(Declare(network.Input(channels, height, width), outputs)) with { Name = GetType().Name };
    }

    /// <summary>The initializers of layers that do not set their own.</summary>
    protected virtual InitializerDefaults Defaults => InitializerDefaults.PyTorch;

    /// <summary>Declares the network.</summary>
    /// <param name="images">The input, [channels, height, width].</param>
    /// <param name="outputs">The number of outputs.</param>
    /// <returns>The logits, [outputs].</returns>
    protected abstract NetworkValue Declare(NetworkValue images, int outputs);
}
