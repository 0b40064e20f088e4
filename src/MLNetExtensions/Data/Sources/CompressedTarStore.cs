using Microsoft.ML.Data;
using MLNetExtensions.Imaging;

namespace MLNetExtensions.Data.Sources;

/// <summary>Images in a compressed tar file, which can only be read from its beginning on.</summary>
internal sealed class CompressedTarStore(string path, IReadOnlyList<ArchiveEntry> images) : IImageStore
{
    public IImageReader Open() => new Reader(path, images);

    private sealed class Reader(string path, IReadOnlyList<ArchiveEntry> images) : IImageReader
    {
        private TarHeaders? _tar;
        private int _index = -1;

        public void Read(int row, ref VBuffer<byte> encoded)
        {
            ArchiveEntry image = images[row];
            string shown = $"{path}/{image.Name}";
            if (_tar is null || _index >= image.Index)
            {
                _tar?.Dispose();
                _tar = new TarHeaders(path, isCompressed: true);
                _index = -1;
            }
            bool isThere = true;
            while (isThere && _index < image.Index)
            {
                isThere = _tar.MoveNext();
                _index++;
            }
            if (!isThere || _tar.Length != image.Length)
                throw new InvalidImageException(row, shown, "the archive is another than when it was listed");
            // As many as were there when it was listed.
            VBufferEditor<byte> editor = VBufferEditor.Create(ref encoded, (int)image.Length);
            try
            {
                _tar.Read(editor.Values);
            }
            catch (InvalidDataException e)
            {
                throw new InvalidImageException(row, shown, $"its {image.Length} bytes cannot be read ({e.Message})", e);
            }
            encoded = editor.Commit();
        }

        public void Dispose() => _tar?.Dispose();
    }
}
