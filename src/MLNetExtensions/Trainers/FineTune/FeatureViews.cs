using MLNetExtensions.Training;

namespace MLNetExtensions.Trainers.FineTune;

/// <summary>
/// The frozen layers' outputs for each image: for the image itself, and with an augmentation for some augmented views of it, which the
/// epochs take in turn.
/// </summary>
/// <param name="cache">The rows: for each image the plain one, then its views.</param>
internal sealed class FeatureViews(FeatureCache cache) : ITrainingRows
{
    private readonly List<int> _first = [];
    private readonly List<int> _views = [];

    public int Count => _first.Count;

    public IReadOnlyList<int> ItemSizes => cache.ItemSizes;

    /// <summary>Notes an image whose rows come next.</summary>
    /// <param name="views">The number of its augmented views.</param>
    public void Begin(int views)
    {
        _first.Add(_first.Count == 0 ? 0 : _first[^1] + 1 + _views[^1]);
        _views.Add(views);
    }

    /// <summary>Adds an image.</summary>
    /// <param name="rows">Its rows, one after another.</param>
    /// <param name="views">The number of its augmented views.</param>
    public void Add(ReadOnlySpan<float> rows, int views)
    {
        Begin(views);
        int width = rows.Length / (1 + views);
        for (int view = 0; view <= views; view++)
            cache.Add(rows.Slice(view * width, width));
    }

    public void Fill(ReadOnlySpan<int> rows, int epoch, IReadOnlyList<float[]> inputs)
    {
        Span<int> cached = rows.Length <= 1024 ? stackalloc int[rows.Length] : new int[rows.Length];
        for (int i = 0; i < rows.Length; i++)
            cached[i] = _first[rows[i]] + (epoch == RowView.Plain || _views[rows[i]] == 0 ? 0 : 1 + epoch % _views[rows[i]]);
        cache.Fill(cached, epoch, inputs);
    }

    public void Dispose() => cache.Dispose();
}
