using Microsoft.ML.Data;
using MLNetExtensions.Data;
using MLNetExtensions.Data.Sources;

namespace Microsoft.ML;

public sealed partial class VisionCatalog
{
    /// <summary>
    /// Makes a view of pictures in memory: columns <c>Image</c> (the encoded picture, a vector of Byte), <c>ImagePath</c> (text, the name) and
    /// <c>Label</c> (text; not there where no picture has one).
    /// </summary>
    /// <param name="pictures">The encoded pictures (the bytes of JPEG, PNG, GIF, BMP or WebP files). They are not copied.</param>
    /// <returns>A view that can be shuffled, split and read many times.</returns>
    /// <exception cref="ArgumentException">There are no pictures, one has no bytes, or only some have labels.</exception>
    public IDataView LoadBytes(IEnumerable<EncodedPicture> pictures)
    {
        ArgumentNullException.ThrowIfNull(pictures);
        EncodedPicture[] all = [.. pictures];
        if (all.Length == 0)
            throw new ArgumentException("There are no pictures.", nameof(pictures));
        int empty = Array.FindIndex(all, picture => picture?.Bytes is null or { Length: 0 });
        if (empty >= 0)
            throw new ArgumentException($"Picture {empty} has no bytes.", nameof(pictures));
        int labelled = all.Count(picture => picture.Label is not null);
        if (labelled > 0 && labelled < all.Length)
            throw new ArgumentException($"Picture {Array.FindIndex(all, picture => picture.Label is null)} has no label, others have. Label all or none.", nameof(pictures));
        return PictureView.Create(new MemoryStore(row => all[row].Bytes), all.Length, row => all[row].Name, labelled == 0 ? null : row => all[row].Label!);
    }
}
