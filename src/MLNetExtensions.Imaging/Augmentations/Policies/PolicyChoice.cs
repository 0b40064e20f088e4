namespace MLNetExtensions.Imaging.Augmentations.Policies;

/// <summary>An operation with its probability and its magnitude, 0 to 9.</summary>
internal readonly record struct PolicyChoice(PolicyOperation Operation, float Probability, int Magnitude);
