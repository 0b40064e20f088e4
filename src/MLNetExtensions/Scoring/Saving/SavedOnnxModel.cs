using System.Buffers.Binary;
using System.IO.Compression;

namespace MLNetExtensions.Scoring.Saving;

/// <summary>The ONNX models inside a saved model of ML.NET.</summary>
internal static class SavedOnnxModel
{
    // ML.NET's ONNX transformer keeps its model in an entry of this name: the length as int32, then the bytes.
    private const string EntryName = "OnnxModel";

    // Weights do not become smaller so often when they are packed; what does is made to fill the memory.
    private const int MaxTimesPacked = 100,
        AlwaysAllowed = 16 << 20;

    /// <summary>Reads the models of a saved model's steps.</summary>
    /// <param name="file">The saved model.</param>
    /// <param name="source">Its name in messages.</param>
    /// <param name="read">Makes something of a model's bytes.</param>
    /// <exception cref="InvalidDataException">It is damaged.</exception>
    public static List<T> ReadAll<T>(Stream file, string source, Func<byte[], T> read)
    {
        string place = "";
        try
        {
            using var zip = new ZipArchive(file, ZipArchiveMode.Read);
            var models = new List<T>();
            foreach (ZipArchiveEntry entry in zip.Entries.Where(e => e.Name == EntryName))
            {
                place = $" at its entry '{entry.FullName}'";
                models.Add(read(Read(entry)));
            }
            return models;
        }
        catch (Exception e) when (e is InvalidDataException or IOException or NotSupportedException)
        {
            throw new InvalidDataException($"{source} is damaged{place}: {e.Message} Save it again.", e);
        }
    }

    private static byte[] Read(ZipArchiveEntry entry)
    {
        using Stream stream = entry.Open();
        Span<byte> prefix = stackalloc byte[sizeof(int)];
        stream.ReadExactly(prefix);
        int length = BinaryPrimitives.ReadInt32LittleEndian(prefix);
        if (length < 0 || length > entry.Length)
            throw new InvalidDataException($"{length} bytes are announced where there are {entry.Length}.");
        if (length > AlwaysAllowed && length / MaxTimesPacked > entry.CompressedLength)
            throw new InvalidDataException($"{entry.CompressedLength} bytes become {length}, over {MaxTimesPacked} times as many.");
        byte[] bytes = GC.AllocateUninitializedArray<byte>(length);
        stream.ReadExactly(bytes);
        return bytes;
    }
}
