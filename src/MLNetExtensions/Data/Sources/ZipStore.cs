using System.IO.Compression;
using System.IO.Hashing;
using Microsoft.ML.Data;
using MLNetExtensions.Imaging;

namespace MLNetExtensions.Data.Sources;

/// <summary>Images in a zip file, unpacked one at a time into memory.</summary>
internal sealed class ZipStore(string path, IReadOnlyList<ArchiveEntry> images) : IImageStore
{
    // Deflate makes at most 1032 bytes of one.
    private const int MostUnpacked = 1032;

    private const int UnixLink = 0xA000,
        UnixKind = 0xF000;

    /// <summary>Lists the images of a zip file.</summary>
    /// <exception cref="InvalidDataException">It is damaged, encrypted, or has entries that must not be read.</exception>
    public static void List(string path, ArchiveEntries entries)
    {
        using ZipArchive zip = OpenZip(path);
        for (int i = 0; i < zip.Entries.Count; i++)
        {
            ZipArchiveEntry entry = zip.Entries[i];
            // The upper half holds the Unix mode.
            string? notAFile =
                ((entry.ExternalAttributes >> 16) & UnixKind) == UnixLink ? "a link"
                : entry.IsEncrypted ? "encrypted"
                : null;
            entries.Add(entry.FullName, i, entry.Length, notAFile: notAFile);
        }
    }

    public IImageReader Open() => new Reader(path, images);

    private static ZipArchive OpenZip(string path)
    {
        ZipArchive? zip = null;
        try
        {
            zip = ZipFile.Open(path, ZipArchiveMode.Read, ZipNames.Instance);
            _ = zip.Entries.Count; // reads the directory at the file's end
            return zip;
        }
        catch (Exception e) when (e is InvalidDataException or EndOfStreamException)
        {
            zip?.Dispose();
            throw new InvalidDataException($"'{path}' is no zip file, or it is damaged or cut short: {e.Message}", e);
        }
    }

    private sealed class Reader(string path, IReadOnlyList<ArchiveEntry> images) : IImageReader
    {
        private readonly ZipArchive _zip = OpenZip(path);
        private readonly long _fileLength = new FileInfo(path).Length;

        public void Read(int row, ref VBuffer<byte> encoded)
        {
            ArchiveEntry image = images[row];
            string shown = $"{path}/{image.Name}";
            ZipArchiveEntry? entry = image.Index < _zip.Entries.Count ? _zip.Entries[image.Index] : null;
            if (entry is null || entry.Length != image.Length)
                throw new InvalidImageException(row, shown, "the archive is another than when it was listed");
            if (image.Length / MostUnpacked > entry.CompressedLength || entry.CompressedLength > _fileLength)
                throw new InvalidImageException(
                    row,
                    shown,
                    $"its {entry.CompressedLength} packed bytes cannot hold the {image.Length} bytes that the archive states"
                );
            VBufferEditor<byte> editor = VBufferEditor.Create(ref encoded, (int)image.Length);
            try
            {
                using Stream stream = entry.Open();
                stream.ReadExactly(editor.Values);
                if (stream.ReadByte() >= 0)
                    throw new InvalidImageException(row, shown, $"it holds more than the {image.Length} bytes that the archive states");
            }
            catch (EndOfStreamException e)
            {
                throw new InvalidImageException(row, shown, $"it holds less than the {image.Length} bytes that the archive states", e);
            }
            catch (Exception e) when (e is InvalidDataException or IOException)
            {
                throw new InvalidImageException(row, shown, $"its entry in the archive is damaged ({e.Message})", e);
            }
            if (Crc32.HashToUInt32(editor.Values) != entry.Crc32)
                throw new InvalidImageException(row, shown, "its checksum in the archive is another: its bytes are damaged");
            encoded = editor.Commit();
        }

        public void Dispose() => _zip.Dispose();
    }
}
