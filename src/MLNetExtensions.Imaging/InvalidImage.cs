namespace MLNetExtensions.Imaging;

/// <summary>An image that was skipped because it could not be read, as <c>MaxInvalidImages</c> allows.</summary>
/// <param name="Row">Its row in the data view, from 0.</param>
/// <param name="Path">Its file; null if it came as bytes or pixels.</param>
/// <param name="Reason">The reason why it cannot be read.</param>
public sealed record InvalidImage(long Row, string? Path, string Reason);
