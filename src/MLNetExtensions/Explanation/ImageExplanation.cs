namespace MLNetExtensions.Explanation;

/// <summary>The explanation of one image.</summary>
/// <param name="Row">The image's row in the data, from 0.</param>
/// <param name="ClassIndex">The output that is explained, from 0.</param>
/// <param name="ClassName">The class's name; null where the model does not tell.</param>
/// <param name="Score">The output's value before Softmax or Sigmoid: the logit.</param>
/// <param name="Layer">The layer that the method looked at; null for the pixels.</param>
/// <param name="Heatmap">Where in the image the score comes from.</param>
public sealed record ImageExplanation(long Row, int ClassIndex, string? ClassName, float Score, string? Layer, Heatmap Heatmap);
