using MLNetExtensions.Data;
using MLNetExtensions.Data.Sources;

namespace Microsoft.ML;

/// <summary>Loads CIFAR-10 and CIFAR-100.</summary>
public static class CifarCatalog
{
    /// <summary>
    /// Reads the binary version of CIFAR-10 or CIFAR-100: columns <c>Image</c> (32 x 32 RGB as a BMP file's bytes, a vector of Byte, read
    /// when a cursor asks for it), <c>ImagePath</c> (text, the file and the record) and <c>Label</c> (text: the class's name where its list
    /// of names is beside the files, else its number).
    /// </summary>
    /// <param name="catalog">The catalog, <c>ml.Data</c>.</param>
    /// <param name="path">A file of records, or a folder with the files as they are published.</param>
    /// <param name="format">The records' format.</param>
    /// <param name="part">The part to read from a folder.</param>
    /// <returns>A view that can be shuffled, split and read many times.</returns>
    /// <exception cref="FileNotFoundException">There is no such file, or the folder has none of the part.</exception>
    /// <exception cref="InvalidDataException">A file is not a whole number of records, or a record's class is out of range.</exception>
    public static IDataView LoadFromCifar(
        this DataOperationsCatalog catalog,
        string path,
        CifarFormat format = CifarFormat.Cifar10,
        CifarPart part = CifarPart.Train
    )
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        var files = CifarFiles.Open(Path.GetFullPath(path), format, part);
        int[] starts = new int[files.Store.Files.Count];
        for (int i = 1; i < starts.Length; i++)
            starts[i] = starts[i - 1] + files.Store.Files[i - 1].Records;
        return ImageView.Create(files.Store, files.Labels.Length, NameOf, row => files.Names[files.Labels[row]]);

        string NameOf(int row)
        {
            int file = Array.FindLastIndex(starts, start => start <= row);
            return $"{files.Store.Files[file].Path}#{row - starts[file]}";
        }
    }
}
