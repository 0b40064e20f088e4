namespace MLNetExtensions.Onnx.Networks;

/// <summary>The exception for a layer that does not fit its input or has impossible settings.</summary>
public sealed class LayerException : ArgumentException
{
    internal LayerException(string layer, string type, IReadOnlyList<int>? input, string problem, Exception? cause = null)
        : base(
            $"Layer '{layer}' ({type}){(input is null ? "" : $" got the input [{string.Join(", ", ["batch", .. input])}]")}: {problem}",
            cause
        )
    {
        Layer = layer;
        InputShape = input ?? [];
    }

    /// <summary>The full name of the layer, such as <c>layer1.0.conv1</c>.</summary>
    public string Layer { get; }

    /// <summary>The shape of its input, without the batch; empty if only its settings are wrong.</summary>
    public IReadOnlyList<int> InputShape { get; }
}
