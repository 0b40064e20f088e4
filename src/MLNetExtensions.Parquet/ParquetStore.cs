using Microsoft.ML.Data;
using MLNetExtensions.Imaging;

namespace MLNetExtensions.Data.Sources;

/// <summary>Pictures in Parquet files; a reader holds those of one row group.</summary>
internal sealed class ParquetStore(IReadOnlyList<ParquetPictures> files) : IPictureStore
{
    public IPictureReader Open() => new Reader(this);

    /// <summary>The file and the row in it, for pictures without a name.</summary>
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

    private sealed class Reader(ParquetStore store) : IPictureReader
    {
        private (int File, int Group) _current = (-1, -1);
        private byte[]?[] _pictures = [];

        public void Read(int row, ref VBuffer<byte> encoded)
        {
            (int file, int inGroup) = store.Find(row);
            ParquetPictures pictures = store.Files[file];
            int group = 0;
            while (inGroup >= pictures.GroupRows[group])
                inGroup -= pictures.GroupRows[group++];
            if (_current != (file, group))
            {
                _pictures = []; // lets the collector have them first
                _pictures = pictures.ReadGroup(group);
                _current = (file, group);
            }
            byte[] bytes = _pictures[inGroup] ?? throw new BadImageException(row, store.PlaceOf(row), "there is no picture in this row");
            VBufferEditor<byte> editor = VBufferEditor.Create(ref encoded, bytes.Length);
            bytes.CopyTo(editor.Values);
            encoded = editor.Commit();
        }

        public void Dispose() => _pictures = [];
    }

    private IReadOnlyList<ParquetPictures> Files => files;
}
