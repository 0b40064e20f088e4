using Microsoft.ML.Data;
using MLNetExtensions.Data.Sources;
using MLNetExtensions.Imaging;

namespace MLNetExtensions.Parquet;

/// <summary>Images in Parquet files; a reader holds those of one row group.</summary>
internal sealed class ParquetStore(IReadOnlyList<ParquetImages> files) : IImageStore
{
    public IImageReader Open() => new Reader(this);

    /// <summary>The file and the row in it, for images without a name.</summary>
    public string PlaceOf(int row)
    {
        (int file, int rowInFile) = Find(row);
        return $"{files[file].Path}#{rowInFile}";
    }

    private (int File, int Row) Find(int row)
    {
        int file = 0;
        while (row >= files[file].Count)
            row -= files[file++].Count;
        return (file, row);
    }

    private sealed class Reader(ParquetStore store) : IImageReader
    {
        private (int File, int Group) _current = (-1, -1);
        private byte[]?[] _images = [];

        public void Read(int row, ref VBuffer<byte> encoded)
        {
            (int file, int inGroup) = store.Find(row);
            ParquetImages images = store.Files[file];
            int group = 0;
            while (inGroup >= images.GroupRows[group])
                inGroup -= images.GroupRows[group++];
            if (_current != (file, group))
            {
                _images = []; // lets the collector have them first
                _images = images.ReadGroup(group);
                _current = (file, group);
            }
            byte[] bytes = _images[inGroup] ?? throw new InvalidImageException(row, store.PlaceOf(row), "there is no image in this row");
            VBufferEditor<byte> editor = VBufferEditor.Create(ref encoded, bytes.Length);
            bytes.CopyTo(editor.Values);
            encoded = editor.Commit();
        }

        public void Dispose() => _images = [];
    }

    private IReadOnlyList<ParquetImages> Files => files;
}
