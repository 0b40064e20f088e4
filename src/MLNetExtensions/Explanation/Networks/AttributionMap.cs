namespace MLNetExtensions.Explanation.Networks;

/// <summary>How much each place of an image contributes to an output of the network.</summary>
/// <param name="Width">The number of values of a row.</param>
/// <param name="Height">The number of rows.</param>
/// <param name="Values">The values, row by row.</param>
/// <param name="IsOfLayer">True if the map lies on what the network sees, a layer's places; false if on the pixels of the input.</param>
internal sealed record AttributionMap(int Width, int Height, float[] Values, bool IsOfLayer);
