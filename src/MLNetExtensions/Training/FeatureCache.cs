using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace MLNetExtensions.Training;

/// <summary>
/// What the frozen layers made of each row, kept for all epochs: in memory within a budget, the rest in a temporary file that the system
/// deletes when it is closed. Rows are added in order, then read in any order.
/// </summary>
internal sealed class FeatureCache : ITrainingRows
{
    private const int ChunkBytes = 4 << 20;

    private readonly int _rowSize;
    private readonly int _rowsPerChunk;
    private readonly int _chunksInMemory;
    private readonly string _folder;
    private readonly List<float[]> _chunks = [];
    private SafeFileHandle? _file;
    private float[]? _pending;

    /// <param name="itemSizes">The number of values of one row, for each input of the graph that reads them.</param>
    /// <param name="memoryBudget">The most bytes held in memory.</param>
    /// <param name="temporaryFolder">Where the file goes when the budget is used up.</param>
    public FeatureCache(IReadOnlyList<int> itemSizes, long memoryBudget, string temporaryFolder)
    {
        ItemSizes = itemSizes;
        _rowSize = itemSizes.Sum();
        _rowsPerChunk = Math.Max(1, ChunkBytes / sizeof(float) / _rowSize);
        _chunksInMemory = (int)Math.Min(int.MaxValue, memoryBudget / ((long)_rowsPerChunk * _rowSize * sizeof(float)));
        _folder = temporaryFolder;
    }

    public int Count { get; private set; }

    public IReadOnlyList<int> ItemSizes { get; }

    /// <summary>The number of rows that lie in the file.</summary>
    public int RowsOnDisk => Math.Max(0, Count - _chunksInMemory * _rowsPerChunk);

    /// <summary>Where the next row's values are to be written: the values of all items after one another.</summary>
    public Span<float> Add()
    {
        int chunk = Count / _rowsPerChunk;
        int offset = Count % _rowsPerChunk * _rowSize;
        if (offset == 0)
        {
            FlushPending();
            var values = GC.AllocateUninitializedArray<float>(_rowsPerChunk * _rowSize);
            if (chunk < _chunksInMemory)
                _chunks.Add(values);
            else
                _pending = values;
        }
        Count++;
        return (chunk < _chunksInMemory ? _chunks[chunk] : _pending!).AsSpan(offset, _rowSize);
    }

    /// <summary>Ends the adding of rows.</summary>
    public void Complete() => FlushPending();

    public void Fill(ReadOnlySpan<int> rows, IReadOnlyList<float[]> inputs)
    {
        float[]? fromFile = null;
        for (int i = 0; i < rows.Length; i++)
        {
            int chunk = rows[i] / _rowsPerChunk;
            ReadOnlySpan<float> row;
            if (chunk < _chunks.Count)
            {
                row = _chunks[chunk].AsSpan(rows[i] % _rowsPerChunk * _rowSize, _rowSize);
            }
            else
            {
                fromFile ??= new float[_rowSize];
                long position = (long)(rows[i] - _chunksInMemory * _rowsPerChunk) * _rowSize * sizeof(float);
                if (RandomAccess.Read(_file!, MemoryMarshal.AsBytes(fromFile.AsSpan()), position) != _rowSize * sizeof(float))
                    throw new IOException($"The feature cache in '{_folder}' was cut short by someone else at row {rows[i]}.");
                row = fromFile;
            }
            for (int item = 0; item < ItemSizes.Count; item++)
            {
                row[..ItemSizes[item]].CopyTo(inputs[item].AsSpan(i * ItemSizes[item]));
                row = row[ItemSizes[item]..];
            }
        }
    }

    public void Dispose() => _file?.Dispose();

    private void FlushPending()
    {
        if (_pending is null)
            return;
        int first = (Count - 1) / _rowsPerChunk * _rowsPerChunk;
        try
        {
            _file ??= File.OpenHandle(
                Path.Combine(_folder, $"mlnetextensions-features-{Guid.NewGuid():N}.tmp"), FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, FileOptions.DeleteOnClose);
            RandomAccess.Write(
                _file, MemoryMarshal.AsBytes(_pending.AsSpan(0, (Count - first) * _rowSize)), (long)(first - _chunksInMemory * _rowsPerChunk) * _rowSize * sizeof(float));
        }
        catch (IOException e)
        {
            throw new IOException($"The features of row {first} and later could not be written to '{_folder}': {e.Message} Free space there, set MLContext.TempFilePath to another disk, or raise MemoryBudget.", e);
        }
        _pending = null;
    }
}
