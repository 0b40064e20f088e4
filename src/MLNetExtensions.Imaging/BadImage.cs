namespace MLNetExtensions.Imaging;

/// <summary>A picture that was left out because it could not be read, as <c>MaxBadImages</c> allows.</summary>
/// <param name="Row">Its row in the data view, from 0.</param>
/// <param name="Path">Its file; null where it came as bytes or pixels.</param>
/// <param name="Reason">What is wrong with it.</param>
public sealed record BadImage(long Row, string? Path, string Reason);
