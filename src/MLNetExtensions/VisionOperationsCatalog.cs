namespace Microsoft.ML;

/// <summary>
/// The operations on images and image models that none of ML.NET's own catalogs has a place for: inspection, splits, reports, compression;
/// <see cref="VisionExtensions.Vision"/> makes it.
/// </summary>
public sealed class VisionOperationsCatalog
{
    internal VisionOperationsCatalog(MLContext context) => Context = context;

    internal MLContext Context { get; }
}
