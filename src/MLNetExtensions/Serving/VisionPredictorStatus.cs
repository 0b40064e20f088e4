namespace MLNetExtensions.Serving;

/// <summary>The status of a <see cref="VisionPredictor"/> at one moment.</summary>
/// <param name="Requests">The number of current requests: waiting, being decoded or being scored.</param>
/// <param name="Capacity">The largest number of concurrent requests.</param>
/// <param name="ModelVersion">The version of the model in use: 1 for the first, one more with each swap.</param>
/// <param name="ReloadError">The error why the current model file could not be loaded; null if it could.</param>
/// <param name="IsDisposed">True if the predictor is disposed.</param>
public sealed record VisionPredictorStatus(int Requests, int Capacity, int ModelVersion, Exception? ReloadError, bool IsDisposed);
