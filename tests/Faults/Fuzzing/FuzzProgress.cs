using System.IO.MemoryMappedFiles;

namespace MLNetExtensions.Faults.Fuzzing;

/// <summary>The seed that a worker is at, in memory that outlives its crash.</summary>
internal sealed class FuzzProgress : IDisposable
{
    private readonly MemoryMappedFile _map;
    private readonly MemoryMappedViewAccessor _view;

    public FuzzProgress(string path)
    {
        _map = MemoryMappedFile.CreateFromFile(path, FileMode.OpenOrCreate, null, 2 * sizeof(long));
        _view = _map.CreateViewAccessor(0, 2 * sizeof(long));
    }

    /// <summary>The seed that is being read; -1 before the first.</summary>
    public long Seed
    {
        get => _view.ReadInt64(0);
        set => _view.Write(0, value);
    }

    /// <summary>The number of inputs read to their end.</summary>
    public long Executions
    {
        get => _view.ReadInt64(sizeof(long));
        set => _view.Write(sizeof(long), value);
    }

    public void Dispose()
    {
        _view.Dispose();
        _map.Dispose();
    }
}
