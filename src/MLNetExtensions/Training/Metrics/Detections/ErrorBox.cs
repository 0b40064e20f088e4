namespace MLNetExtensions.Training.Metrics.Detections;

/// <summary>A found box with its error.</summary>
/// <param name="Class">Its class.</param>
/// <param name="Score">Its score.</param>
/// <param name="Error">Its error.</param>
/// <param name="Object">The object that it would be if it were mended; null if mending removes it.</param>
internal sealed record ErrorBox(int Class, float Score, DetectionErrorKind Error, ErrorObject? Object);
