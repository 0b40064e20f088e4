using MLNetExtensions.Data;
using MLNetExtensions.Data.Sources;

namespace Microsoft.ML;

/// <summary>Loads encoded images from memory.</summary>
public static class EncodedImageCatalog
{
    /// <summary>
    /// Makes a view of images in memory: columns <c>Image</c> (the encoded image, a vector of Byte), <c>ImagePath</c> (text, the name) and
    /// <c>Label</c> (text; missing if no image has one).
    /// </summary>
    /// <param name="catalog">The catalog, <c>ml.Data</c>.</param>
    /// <param name="images">The encoded images (the bytes of JPEG, PNG, GIF, BMP or WebP files). They are not copied.</param>
    /// <returns>A view that can be shuffled, split and read many times.</returns>
    /// <exception cref="ArgumentException">There are no images, one has no bytes, or only some have labels.</exception>
    public static IDataView LoadFromEncodedImages(this DataOperationsCatalog catalog, IEnumerable<EncodedImage> images)
    {
        ArgumentNullException.ThrowIfNull(images);
        EncodedImage[] all = [.. images];
        if (all.Length == 0)
            throw new ArgumentException("There are no images.", nameof(images));
        int empty = Array.FindIndex(all, image => image?.Bytes is null or { Length: 0 });
        if (empty >= 0)
            throw new ArgumentException($"Image {empty} has no bytes.", nameof(images));
        int labeled = all.Count(image => image.Label is not null);
        if (labeled > 0 && labeled < all.Length)
            throw new ArgumentException(
                $"Image {Array.FindIndex(all, image => image.Label is null)} has no label, others have. Label all or none.",
                nameof(images)
            );
        return ImageView.Create(
            new MemoryStore(row => all[row].Bytes),
            all.Length,
            row => all[row].Name,
            labeled == 0 ? null : row => all[row].Label!
        );
    }
}
