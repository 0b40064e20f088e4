using MLNetExtensions.Imaging.Decoding;
using MLNetExtensions.Training;

namespace MLNetExtensions.Trainers.FineTune;

/// <summary>
/// Features of images: from earlier fits where they are known, else from the frozen layers, and then known to later fits.
/// </summary>
/// <param name="frozen">Makes features.</param>
/// <param name="memory">The features held in memory.</param>
/// <param name="budget">The most bytes in memory; 0 for none.</param>
/// <param name="file">The features in a file; null for none. This object takes ownership of it.</param>
internal sealed class FeatureSource(FrozenLayers frozen, FeatureMemory memory, long budget, FeatureFile? file) : IDisposable
{
    private readonly RecordCache.Key _network = frozen.Key;
    private RecordCache.Key[] _keys = [];
    private float[] _rows = [],
        _made = [];
    private byte[] _pixels = [];

    /// <summary>The number of rows that were known.</summary>
    public long Hits { get; private set; }

    /// <summary>Adds the features of images.</summary>
    /// <param name="pixels">Planar bytes, <paramref name="count"/> images as the network reads them.</param>
    /// <param name="count">The number of images.</param>
    /// <param name="features">Receives a row for each.</param>
    /// <param name="size">The number of features.</param>
    public void Run(ReadOnlySpan<byte> pixels, int count, FeatureCache features, int size)
    {
        int bytes = pixels.Length / count,
            missing = 0;
        if (_rows.Length < count * size || _pixels.Length < pixels.Length)
            (_keys, _rows, _made, _pixels) = (
                new RecordCache.Key[count],
                new float[count * size],
                new float[count * size],
                new byte[pixels.Length]
            );
        var places = new List<int>(count);
        for (int image = 0; image < count; image++)
        {
            ReadOnlySpan<byte> own = pixels.Slice(image * bytes, bytes);
            _keys[image] = RecordCache.KeyOf(own);
            if (TryRead(_keys[image], _rows.AsSpan(image * size, size)))
                continue;
            places.Add(image);
            own.CopyTo(_pixels.AsSpan(missing++ * bytes));
        }
        Hits += count - missing;
        if (missing > 0)
        {
            frozen.Run(_pixels.AsSpan(0, missing * bytes), missing, _made.AsSpan(0, missing * size));
            for (int made = 0; made < missing; made++)
            {
                ReadOnlySpan<float> row = _made.AsSpan(made * size, size);
                row.CopyTo(_rows.AsSpan(places[made] * size));
                memory.Add(_network, _keys[places[made]], row, budget);
                file?.Add(_keys[places[made]], row);
            }
        }
        for (int image = 0; image < count; image++)
            features.Add(_rows.AsSpan(image * size, size));
    }

    public void Dispose() => file?.Dispose();

    private bool TryRead(in RecordCache.Key key, Span<float> row)
    {
        if (memory.TryRead(_network, key, row))
            return true;
        if (file is null || !file.TryRead(key, row))
            return false;
        memory.Add(_network, key, row, budget);
        return true;
    }
}
