using System.IO.Compression;
using Microsoft.ML.Data;
using MLNetExtensions.Imaging;

namespace MLNetExtensions.Data.Sources;

/// <summary>Pictures in a zip file, unpacked one at a time into memory.</summary>
internal sealed class ZipStore(string path, IReadOnlyList<ArchiveEntry> pictures) : IPictureStore
{
    private const int UnixLink = 0xA000, UnixKind = 0xF000;

    /// <summary>Lists the pictures of a zip file.</summary>
    /// <exception cref="InvalidDataException">It is damaged, encrypted, or has entries that must not be read.</exception>
    public static void List(string path, ArchiveEntries entries)
    {
        using ZipArchive zip = OpenZip(path);
        for (int i = 0; i < zip.Entries.Count; i++)
        {
            ZipArchiveEntry entry = zip.Entries[i];
            // The upper half holds the Unix mode.
            string? notAFile = ((entry.ExternalAttributes >> 16) & UnixKind) == UnixLink ? "a link" : entry.IsEncrypted ? "encrypted" : null;
            entries.Add(entry.FullName, i, entry.Length, notAFile: notAFile);
        }
    }

    public IPictureReader Open() => new Reader(path, pictures);

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

    private sealed class Reader(string path, IReadOnlyList<ArchiveEntry> pictures) : IPictureReader
    {
        private readonly ZipArchive _zip = OpenZip(path);

        public void Read(int row, ref VBuffer<byte> encoded)
        {
            ArchiveEntry picture = pictures[row];
            string shown = $"{path}/{picture.Name}";
            ZipArchiveEntry? entry = picture.Index < _zip.Entries.Count ? _zip.Entries[picture.Index] : null;
            if (entry is null || entry.Length != picture.Length)
                throw new BadImageException(row, shown, "the archive is another than when it was listed");
            VBufferEditor<byte> editor = VBufferEditor.Create(ref encoded, (int)picture.Length);
            try
            {
                using Stream stream = entry.Open();
                stream.ReadExactly(editor.Values);
                if (stream.ReadByte() >= 0)
                    throw new BadImageException(row, shown, $"it holds more than the {picture.Length} bytes that the archive states");
            }
            catch (EndOfStreamException e)
            {
                throw new BadImageException(row, shown, $"it holds less than the {picture.Length} bytes that the archive states", e);
            }
            catch (Exception e) when (e is InvalidDataException or IOException)
            {
                throw new BadImageException(row, shown, $"its entry in the archive is damaged ({e.Message})", e);
            }
            if (Crc32.Of(editor.Values) != entry.Crc32)
                throw new BadImageException(row, shown, "its checksum in the archive is another: its bytes are damaged");
            encoded = editor.Commit();
        }

        public void Dispose() => _zip.Dispose();
    }
}
