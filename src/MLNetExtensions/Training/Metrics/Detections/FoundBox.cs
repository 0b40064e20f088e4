namespace MLNetExtensions.Training.Metrics.Detections;

/// <summary>A found box after its comparison with the objects of its image and class.</summary>
/// <param name="Score">Its score.</param>
/// <param name="Rank">Its place in its image by score, from 0.</param>
/// <param name="Matched">A bit for each IoU threshold: set if it found an object.</param>
/// <param name="Ignored">A bit for each IoU threshold: set if it counts neither as right nor as wrong.</param>
internal readonly record struct FoundBox(float Score, int Rank, int Matched, int Ignored);
