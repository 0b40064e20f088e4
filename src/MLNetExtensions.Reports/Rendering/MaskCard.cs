namespace MLNetExtensions.Reports.Rendering;

/// <summary>An image with its true and its predicted mask.</summary>
/// <param name="Picture">The image.</param>
/// <param name="Truth">The true mask as a data URI.</param>
/// <param name="Found">The predicted mask as a data URI.</param>
internal sealed record MaskCard(RowCard Picture, string Truth, string Found);
