namespace MLNetExtensions.Serving;

/// <summary>The status of a <see cref="VisionPredictor"/> at one moment.</summary>
/// <param name="Requests">The requests inside: waiting, being decoded or being scored.</param>
/// <param name="Capacity">The number of requests that may be inside.</param>
/// <param name="ModelVersion">The model that answers: 1 for the first, one more with each swap.</param>
/// <param name="ReloadError">Why the model file as it is now could not be loaded; null where it could.</param>
/// <param name="IsDisposed">True if the predictor is disposed.</param>
public sealed record VisionPredictorStatus(int Requests, int Capacity, int ModelVersion, Exception? ReloadError, bool IsDisposed);
