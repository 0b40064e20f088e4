namespace MLNetExtensions.Explanation.Activations;

/// <summary>Makes a map of a layer's activations and the gradients of the class's logit with respect to them.</summary>
/// <param name="activations">[channels, places].</param>
/// <param name="gradients">[channels, places].</param>
/// <param name="map">Receives the value of each place, none negative.</param>
internal delegate void ActivationWeighting(ReadOnlySpan<float> activations, ReadOnlySpan<float> gradients, Span<float> map);
