using Microsoft.ML;

namespace MLNetExtensions.Data;

/// <summary>An encoded image in memory, for <see cref="EncodedImageCatalog.LoadFromEncodedImages"/>.</summary>
/// <param name="Bytes">What an image file holds.</param>
/// <param name="Label">Its label; null where images have none.</param>
/// <param name="Name">Its name, for messages and reports.</param>
public sealed record EncodedImage(byte[] Bytes, string? Label = null, string Name = "");
