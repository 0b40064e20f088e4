namespace MLNetExtensions.Training;

/// <summary>
/// The order in which an epoch visits the training rows; it depends on nothing but seed and epoch. Without weights each row comes once;
/// with weights rows are drawn with replacement, as often as their weight says, as torch's WeightedRandomSampler does.
/// </summary>
internal sealed class EpochOrder
{
    private readonly int[] _rows;
    private readonly int[] _order;
    private readonly int _seed;
    private readonly double[]? _cumulative;

    /// <param name="rows">The training rows.</param>
    /// <param name="seed">The run's seed.</param>
    /// <param name="weights">A weight for each of <paramref name="rows"/>; null visits each once.</param>
    public EpochOrder(int[] rows, int seed, IReadOnlyList<double>? weights)
    {
        (_rows, _seed) = (rows, seed);
        _order = new int[rows.Length];
        if (weights is null)
            return;
        double total = 0;
        _cumulative = [.. weights.Select(weight => total += weight)];
    }

    /// <summary>The order of an epoch, from 0. The memory is reused by the next call.</summary>
    public ReadOnlyMemory<int> Of(int epoch)
    {
        var random = new Random(RunSeed.Of(_seed, epoch));
        if (_cumulative is null)
        {
            _rows.CopyTo(_order, 0);
            random.Shuffle(_order);
            return _order;
        }
        for (int i = 0; i < _order.Length; i++)
        {
            int found = Array.BinarySearch(_cumulative, random.NextDouble() * _cumulative[^1]);
            // A draw on a row's upper bound belongs to the next row; rows of weight 0 have no width.
            int row = found >= 0 ? found + 1 : ~found;
            _order[i] = _rows[Math.Min(row, _rows.Length - 1)];
        }
        return _order;
    }
}
