using System.Globalization;
using MLNetExtensions.Data.Sources;
using MLNetExtensions.Imaging.Decoding;

namespace Microsoft.ML;

/// <summary>Loads MNIST and other data sets in its format.</summary>
public static class IdxCatalog
{
    /// <summary>
    /// Reads images in MNIST's IDX format: columns <c>Image</c> (a BMP file's bytes, a vector of Byte, made when a cursor asks for it),
    /// <c>ImagePath</c> (text, the file and the number) and, with labels, <c>Label</c> (text, the class's number).
    /// </summary>
    /// <param name="catalog">The catalog, <c>ml.Data</c>.</param>
    /// <param name="imagesPath">Unsigned bytes in 3 dimensions (images, rows, columns: gray) or 4 (and 3 colors); may be compressed by
    /// gzip.</param>
    /// <param name="labelsPath">Unsigned bytes in one dimension; may be compressed by gzip. Null for images without labels.</param>
    /// <returns>A view that can be shuffled, split and read many times.</returns>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">A file is not such an IDX file, is truncated, or the numbers of images and labels
    /// differ.</exception>
    public static IDataView LoadFromIdx(this DataOperationsCatalog catalog, string imagesPath, string? labelsPath = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(imagesPath);
        imagesPath = Path.GetFullPath(imagesPath);
        IdxFile images = IdxFile.Read(imagesPath, "images");
        if (
            images.Sizes.Length is not (3 or 4)
            || (images.Sizes.Length == 4 && images.Sizes[3] != 3)
            || images.Sizes.Any(size => size == 0)
            || (long)images.Sizes[1] * images.Sizes[2] > ImageDecoder.DefaultMaxPixels
        )
            throw new InvalidDataException(
                $"'{imagesPath}' has the dimensions {string.Join(" x ", images.Sizes)}; expected images x rows x columns, or those x 3."
            );
        byte[]? labels = null;
        if (labelsPath is not null)
        {
            labelsPath = Path.GetFullPath(labelsPath);
            IdxFile file = IdxFile.Read(labelsPath, "labels");
            if (file.Sizes.Length != 1 || file.Sizes[0] != images.Sizes[0])
                throw new InvalidDataException(
                    $"'{labelsPath}' has the dimensions {string.Join(" x ", file.Sizes)}; expected one label for each of the "
                        + $"{images.Sizes[0]} images."
                );
            labels = file.Values;
        }
        return ImageView.Create(
            new IdxStore(images),
            images.Sizes[0],
            row => $"{imagesPath}#{row}",
            labels is null ? null : row => labels[row].ToString(CultureInfo.InvariantCulture)
        );
    }
}
