using System.Buffers.Binary;
using System.IO.Compression;

namespace MLNetExtensions.Scoring.Saving;

/// <summary>The ONNX models inside a saved model of ML.NET.</summary>
internal static class SavedOnnxModel
{
    // ML.NET's ONNX transformer keeps its model in an entry of this name: the length as int32, then the bytes.
    private const string EntryName = "OnnxModel";

    /// <summary>The models of a saved model's steps.</summary>
    /// <param name="zip">The saved model.</param>
    /// <param name="source">Its name in messages.</param>
    /// <exception cref="InvalidDataException">It is damaged.</exception>
    public static IEnumerable<byte[]> ReadAll(ZipArchive zip, string source) =>
        zip.Entries.Where(entry => entry.Name == EntryName).Select(entry => Read(entry, source));

    private static byte[] Read(ZipArchiveEntry entry, string source)
    {
        using Stream stream = entry.Open();
        Span<byte> prefix = stackalloc byte[sizeof(int)];
        stream.ReadExactly(prefix);
        int length = BinaryPrimitives.ReadInt32LittleEndian(prefix);
        if (length < 0 || length > entry.Length)
            throw new InvalidDataException(
                $"{source} is damaged: its entry '{entry.FullName}' of {entry.Length} bytes announces {length}. Save it again."
            );
        byte[] bytes = GC.AllocateUninitializedArray<byte>(length);
        stream.ReadExactly(bytes);
        return bytes;
    }
}
