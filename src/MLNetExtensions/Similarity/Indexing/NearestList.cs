namespace MLNetExtensions.Similarity.Indexing;

/// <summary>
/// The nearest rows seen so far, nearest first and of equal ones the lower row first, each with a mark whether the search has gone on from
/// it. What is further than the last of a full list is dropped: a search would never come to it.
/// </summary>
internal sealed class NearestList
{
    private float[] _compared = [];
    private int[] _rows = [];
    private bool[] _isDone = [];
    private int _capacity,
        _next;

    public int Count { get; private set; }

    public ReadOnlySpan<int> Rows => _rows.AsSpan(0, Count);

    public ReadOnlySpan<float> Compared => _compared.AsSpan(0, Count);

    /// <summary>What a row must be nearer than to be taken.</summary>
    public float Limit => Count < _capacity ? float.PositiveInfinity : _compared[Count - 1];

    public void Reset(int capacity)
    {
        if (_rows.Length < capacity)
            (_compared, _rows, _isDone) = (new float[capacity], new int[capacity], new bool[capacity]);
        (_capacity, Count, _next) = (capacity, 0, 0);
    }

    public void Add(int row, float compared)
    {
        if (Count == _capacity && !IsBefore(compared, row, Count - 1))
            return;
        int low = 0,
            high = Count;
        while (low < high)
        {
            int middle = (low + high) >>> 1;
            if (IsBefore(compared, row, middle))
                high = middle;
            else
                low = middle + 1;
        }
        if (Count < _capacity)
            Count++;
        int moved = Count - 1 - low;
        if (moved > 0)
        {
            Array.Copy(_compared, low, _compared, low + 1, moved);
            Array.Copy(_rows, low, _rows, low + 1, moved);
            Array.Copy(_isDone, low, _isDone, low + 1, moved);
        }
        (_compared[low], _rows[low], _isDone[low]) = (compared, row, false);
        if (low < _next)
            _next = low;
    }

    /// <summary>The nearest row that the search has not gone on from, which it does now; -1 if there is none.</summary>
    public int TakeNext()
    {
        while (_next < Count && _isDone[_next])
            _next++;
        if (_next == Count)
            return -1;
        _isDone[_next] = true;
        return _rows[_next++];
    }

    private bool IsBefore(float compared, int row, int place) =>
        compared < _compared[place] || (compared == _compared[place] && row < _rows[place]);
}
