using System.IO.MemoryMappedFiles;

namespace MLNetExtensions.Onnx;

/// <summary>Returns a file's bytes and reads only the parts that are accessed.</summary>
internal static class MappedFile
{
    /// <param name="path">A file of 1 byte to 2 GB.</param>
    /// <param name="read">Receives its bytes, which are gone when it returns.</param>
    public static unsafe T Read<T>(string path, Func<ReadOnlySpan<byte>, T> read)
    {
        long length = LinkedFile.Follow(path).Length;
        using MemoryMappedFile map = MemoryMappedFile.CreateFromFile(path, FileMode.Open, null, 0, MemoryMappedFileAccess.Read);
        using MemoryMappedViewAccessor view = map.CreateViewAccessor(0, length, MemoryMappedFileAccess.Read);
        byte* bytes = null;
        view.SafeMemoryMappedViewHandle.AcquirePointer(ref bytes);
        try
        {
            return read(new ReadOnlySpan<byte>(bytes + view.PointerOffset, (int)length));
        }
        finally
        {
            view.SafeMemoryMappedViewHandle.ReleasePointer();
        }
    }
}
