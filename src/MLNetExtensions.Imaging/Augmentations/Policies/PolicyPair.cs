namespace MLNetExtensions.Imaging.Augmentations.Policies;

/// <summary>Two operations, one after the other.</summary>
internal readonly record struct PolicyPair(PolicyChoice First, PolicyChoice Second);
