using Microsoft.ML;

namespace MLNetExtensions.Data;

/// <summary>An encoded image in memory, for <see cref="EncodedImageCatalog.LoadFromEncodedImages"/>.</summary>
/// <param name="Bytes">The bytes of an image file.</param>
/// <param name="Label">Its label; null if images have none.</param>
/// <param name="Name">Its name, for messages and reports.</param>
public sealed record EncodedImage(byte[] Bytes, string? Label = null, string Name = "");
