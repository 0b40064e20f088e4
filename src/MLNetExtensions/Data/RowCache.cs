using Microsoft.Win32.SafeHandles;
using MLNetExtensions.Onnx.Files;

namespace MLNetExtensions.Data;

/// <summary>
/// Rows of equal size that are added once and then read in any order: in memory within a budget, the rest in a temporary file that the
/// system deletes whatever happens to the process. One thread adds; any number read rows that were added.
/// </summary>
internal sealed class RowCache : IDisposable
{
    private const int MaxChunkBytes = 4 << 20;

    private readonly int _rowBytes;
    private readonly int _rowsPerChunk;
    private readonly int _rowsInMemory;
    private readonly string _folder;
    private readonly Func<string, SafeFileHandle> _openFile;
    private readonly List<byte[]> _chunks = [];
    private SafeFileHandle? _file;

    /// <param name="rowBytes">The size of a row.</param>
    /// <param name="memoryBudget">The most bytes held in memory.</param>
    /// <param name="temporaryFolder">The folder of the file that is used beyond the budget.</param>
    /// <param name="openFile">Makes the file in that folder; by default one that no other process sees.</param>
    public RowCache(int rowBytes, long memoryBudget, string temporaryFolder, Func<string, SafeFileHandle>? openFile = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(rowBytes);
        ArgumentOutOfRangeException.ThrowIfNegative(memoryBudget);
        _rowBytes = rowBytes;
        _rowsPerChunk = Math.Max(1, (int)(Math.Min(MaxChunkBytes, memoryBudget) / rowBytes));
        _rowsInMemory = (int)Math.Min(int.MaxValue, memoryBudget / ((long)_rowsPerChunk * rowBytes) * _rowsPerChunk);
        _folder = temporaryFolder;
        _openFile = openFile ?? OpenTemporaryFile;
    }

    /// <summary>The number of rows.</summary>
    public int Count { get; private set; }

    /// <summary>True if the next row will be kept in memory.</summary>
    public bool HasRoom => Count < _rowsInMemory;

    /// <summary>The number of rows that lie in the file.</summary>
    public int RowsOnDisk => Math.Max(0, Count - _rowsInMemory);

    /// <exception cref="IOException">The file could not be written, for one because the disk is full.</exception>
    public void Add(ReadOnlySpan<byte> row)
    {
        if (row.Length != _rowBytes)
            throw new ArgumentException($"A row has {_rowBytes} bytes, not {row.Length}.", nameof(row));
        if (HasRoom)
        {
            if (Count % _rowsPerChunk == 0)
                _chunks.Add(GC.AllocateUninitializedArray<byte>(_rowsPerChunk * _rowBytes));
            row.CopyTo(_chunks[^1].AsSpan(Count % _rowsPerChunk * _rowBytes));
        }
        else
        {
            Write(row);
        }
        Count++;
    }

    /// <exception cref="IOException">The file could not be read.</exception>
    public void Read(int row, Span<byte> target)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)row, (uint)Count, nameof(row));
        target = target[.._rowBytes];
        if (row < _rowsInMemory)
        {
            _chunks[row / _rowsPerChunk].AsSpan(row % _rowsPerChunk * _rowBytes, _rowBytes).CopyTo(target);
            return;
        }
        long position = PositionOf(row);
        while (!target.IsEmpty)
        {
            int read = RandomAccess.Read(_file!, target, position);
            if (read == 0)
                throw new IOException($"The temporary file in '{_folder}' ends before row {row}: another process has cut it short.");
            position += read;
            target = target[read..];
        }
    }

    public void Dispose() => _file?.Dispose();

    private void Write(ReadOnlySpan<byte> row)
    {
        try
        {
            _file ??= _openFile(_folder);
            RandomAccess.Write(_file, row, PositionOf(Count));
        }
        catch (Exception e) when (WriteProblem.Is(e))
        {
            throw new IOException(
                $"Row {Count} could not be cached in a temporary file in '{_folder}', after {PositionOf(Count)} bytes: {e.Message} "
                    + "Free space there, set MLContext.TempFilePath to another disk, or raise MemoryBudget.",
                e
            );
        }
    }

    private long PositionOf(int row) => (long)(row - _rowsInMemory) * _rowBytes;

    private static SafeFileHandle OpenTemporaryFile(string folder)
    {
        TemporaryFile made = TemporaryFile.In(folder);
        SafeFileHandle file = File.OpenHandle(made.Path, FileMode.Open, FileAccess.ReadWrite, FileShare.Delete, FileOptions.DeleteOnClose);
        // Unix keeps an open file without a name, so not even a killed process leaves it behind; Windows does that by DeleteOnClose.
        if (!OperatingSystem.IsWindows())
            made.Dispose();
        return file;
    }
}
