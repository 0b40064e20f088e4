using System.Formats.Tar;
using Microsoft.ML.Data;
using MLNetExtensions.Imaging;

namespace MLNetExtensions.Data.Sources;

/// <summary>Images in a compressed tar file, which can only be read from its beginning on.</summary>
internal sealed class CompressedTarStore(string path, IReadOnlyList<ArchiveEntry> images) : IImageStore
{
    public IImageReader Open() => new Reader(path, images);

    private sealed class Reader(string path, IReadOnlyList<ArchiveEntry> images) : IImageReader
    {
        private TarReader? _tar;
        private TarEntry? _entry;
        private int _index = -1;

        public void Read(int row, ref VBuffer<byte> encoded)
        {
            ArchiveEntry image = images[row];
            string shown = $"{path}/{image.Name}";
            if (_tar is null || _index >= image.Index)
            {
                _tar?.Dispose();
                _tar = TarStore.OpenTar(path, isCompressed: true);
                _index = -1;
            }
            while (_index < image.Index)
            {
                _entry = TarStore.NextEntry(_tar, path);
                _index++;
                if (_entry is null)
                    break;
            }
            if (_entry is null || _entry.Length != image.Length)
                throw new InvalidImageException(row, shown, "the archive is another than when it was listed");
            VBufferEditor<byte> editor = VBufferEditor.Create(ref encoded, (int)image.Length);
            try
            {
                _entry.DataStream?.ReadExactly(editor.Values);
            }
            catch (Exception e) when (e is EndOfStreamException or InvalidDataException)
            {
                throw new InvalidImageException(
                    row,
                    shown,
                    $"the archive is damaged or ends within its {image.Length} bytes ({e.Message})",
                    e
                );
            }
            encoded = editor.Commit();
        }

        public void Dispose() => _tar?.Dispose();
    }
}
