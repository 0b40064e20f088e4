using Microsoft.ML.Data;
using Microsoft.Win32.SafeHandles;
using MLNetExtensions.Imaging;

namespace MLNetExtensions.Data.Sources;

/// <summary>Images in a tar file: read where they lie.</summary>
internal sealed class TarStore(string path, IReadOnlyList<ArchiveEntry> images) : IImageStore
{
    // A tar file has no checksums: in another file, other bytes would lie there.
    private readonly (long, DateTime) _version = VersionOf(path);

    /// <summary>Lists the images of a tar file, compressed with gzip or not.</summary>
    /// <exception cref="InvalidDataException">It is damaged, or has entries that must not be read.</exception>
    public static void List(string path, bool isCompressed, ArchiveEntries entries)
    {
        using var tar = new TarHeaders(path, isCompressed);
        for (int i = 0; tar.MoveNext(); i++)
        {
            string? notAFile = tar.Kind switch
            {
                '0' => null,
                '1' or '2' => "a link",
                '5' => "a folder",
                _ => $"an entry of type '{tar.Kind}'",
            };
            entries.Add(tar.Name, i, tar.Length, isCompressed ? -1 : tar.Offset, notAFile);
        }
    }

    public IImageReader Open() =>
        VersionOf(path) == _version
            ? new Reader(path, images)
            : throw new InvalidDataException($"The archive '{path}' has changed since it was listed. Load it again.");

    private static (long, DateTime) VersionOf(string path)
    {
        var file = new FileInfo(path);
        return (file.Length, file.LastWriteTimeUtc);
    }

    private sealed class Reader(string path, IReadOnlyList<ArchiveEntry> images) : IImageReader
    {
        private readonly SafeFileHandle _file = File.OpenHandle(path);

        public void Read(int row, ref VBuffer<byte> encoded)
        {
            ArchiveEntry image = images[row];
            VBufferEditor<byte> editor = VBufferEditor.Create(ref encoded, (int)image.Length);
            for (Span<byte> rest = editor.Values; !rest.IsEmpty; )
            {
                int read = RandomAccess.Read(_file, rest, image.Offset + image.Length - rest.Length);
                if (read == 0)
                    throw new InvalidImageException(row, $"{path}/{image.Name}", $"the archive ends within its {image.Length} bytes");
                rest = rest[read..];
            }
            encoded = editor.Commit();
        }

        public void Dispose() => _file.Dispose();
    }
}
