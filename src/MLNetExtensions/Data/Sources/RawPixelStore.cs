using Microsoft.ML.Data;
using Microsoft.Win32.SafeHandles;
using MLNetExtensions.Imaging;
using MLNetExtensions.Imaging.Decoding;

namespace MLNetExtensions.Data.Sources;

/// <summary>Records of equal size with raw pixels in them, in several files; each image becomes a BMP file in memory.</summary>
/// <param name="Files">The files and the number of records in each.</param>
/// <param name="HeaderBytes">The number of bytes before a file's first record.</param>
/// <param name="RecordBytes">The size of a record.</param>
/// <param name="PixelOffset">The position of the pixels in a record.</param>
/// <param name="Channels">1 or 3 planes.</param>
/// <param name="Width">In pixels.</param>
/// <param name="Height">In pixels.</param>
internal sealed record RawPixelStore(
    IReadOnlyList<(string Path, int Records)> Files,
    int HeaderBytes,
    int RecordBytes,
    int PixelOffset,
    int Channels,
    int Width,
    int Height
) : IImageStore
{
    public IImageReader Open() => new Reader(this);

    private sealed class Reader(RawPixelStore store) : IImageReader
    {
        private readonly SafeFileHandle?[] _files = new SafeFileHandle?[store.Files.Count];
        private readonly byte[] _planes = new byte[store.Channels * store.Width * store.Height];

        public void Read(int row, ref VBuffer<byte> encoded)
        {
            int file = 0,
                record = row;
            while (record >= store.Files[file].Records)
                record -= store.Files[file++].Records;
            string path = store.Files[file].Path;
            _files[file] ??= File.OpenHandle(path);
            long offset = store.HeaderBytes + ((long)record * store.RecordBytes) + store.PixelOffset;
            for (Span<byte> rest = _planes; !rest.IsEmpty; )
            {
                int read = RandomAccess.Read(_files[file]!, rest, offset + _planes.Length - rest.Length);
                if (read == 0)
                    throw new InvalidImageException(row, $"{path}, record {record}", "the file was cut short since it was listed");
                rest = rest[read..];
            }
            VBufferEditor<byte> editor = VBufferEditor.Create(ref encoded, BitmapFile.Length(store.Width, store.Height));
            BitmapFile.WritePlanes(_planes, store.Width, store.Height, editor.Values);
            encoded = editor.Commit();
        }

        public void Dispose()
        {
            foreach (SafeFileHandle? file in _files)
                file?.Dispose();
        }
    }
}
