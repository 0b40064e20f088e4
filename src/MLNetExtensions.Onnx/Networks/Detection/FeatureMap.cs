namespace MLNetExtensions.Onnx.Networks.Detection;

/// <summary>A map of features inside a network.</summary>
/// <param name="Value">The name of the value, Float [batch, channels, height, width].</param>
/// <param name="Channels">Its channels.</param>
/// <param name="Height">Its rows.</param>
/// <param name="Width">Its columns.</param>
/// <param name="Stride">The number of the image's pixels between neighbors.</param>
internal sealed record FeatureMap(string Value, int Channels, int Height, int Width, int Stride);
