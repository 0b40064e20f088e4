namespace MLNetExtensions.Data.Inspection;

/// <summary>An image that cannot be read.</summary>
/// <param name="Image">The image.</param>
/// <param name="Reason">The reason why it cannot be read.</param>
public sealed record UnreadableImage(ImageReference Image, string Reason);
