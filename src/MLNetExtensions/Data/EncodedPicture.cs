using Microsoft.ML;

namespace MLNetExtensions.Data;

/// <summary>An encoded picture in memory, for <see cref="VisionCatalog.LoadBytes"/>.</summary>
/// <param name="Bytes">What an image file holds.</param>
/// <param name="Label">Its label; null where pictures have none.</param>
/// <param name="Name">Its name, for messages and reports.</param>
public sealed record EncodedPicture(byte[] Bytes, string? Label = null, string Name = "");
