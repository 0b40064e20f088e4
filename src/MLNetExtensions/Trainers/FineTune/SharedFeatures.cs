using MLNetExtensions.Data;
using MLNetExtensions.Training;

namespace MLNetExtensions.Trainers.FineTune;

/// <summary>
/// The features of a view's images, made by several workers together: worker k of n decodes the images of rows k, k + n, k + 2n ... and
/// runs the frozen layers over them; then all tell each other. So each has what one worker would have made of all rows.
/// </summary>
/// <param name="worker">This worker.</param>
/// <param name="workers">The number of workers.</param>
/// <param name="size">The features of an image.</param>
/// <param name="views">The augmented views of an image.</param>
/// <param name="keys">The new keys of the view's classes; null to keep them.</param>
/// <param name="memoryBudget">The most bytes of its own features held in memory.</param>
/// <param name="temporaryFolder">The folder for the others.</param>
internal sealed class SharedFeatures(int worker, int workers, int size, int views, int[]? keys, long memoryBudget, string temporaryFolder)
    : IDisposable
{
    /// <summary>The values that are exchanged at once.</summary>
    private const int Piece = 1 << 18;

    private readonly RowLabels _labels = new() { Keys = keys };
    private readonly List<bool> _bad = [];

    /// <summary>Gets the features of this worker's good images: for each the plain one, then its views.</summary>
    public FeatureCache Own { get; } = new([size], memoryBudget, temporaryFolder);

    /// <summary>True if this worker computes the row's image.</summary>
    public bool IsOwn(long row) => row % workers == worker;

    /// <summary>Notes a row, this worker's or not.</summary>
    public void See(RowSlot row)
    {
        _labels.Add(row);
        _bad.Add(row.Bad is not null);
    }

    /// <summary>The settings that all workers must share before features are exchanged.</summary>
    /// <param name="view">The view's name.</param>
    public Dictionary<string, string> Settings(string view) =>
        new()
        {
            [$"the number of rows of the {view}"] = $"{_labels.Count}",
            ["the number of features of an image"] = $"{size}",
            ["the number of views of an image"] = $"{1 + views}",
        };

    /// <summary>Hands over the rows of all workers, in the view's order, without those whose image was bad for its worker.</summary>
    /// <param name="joined">The workers.</param>
    /// <param name="labels">Receives the labels.</param>
    /// <param name="features">Receives the features.</param>
    public void Exchange(IWorkers joined, RowLabels labels, FeatureViews features)
    {
        var share = new WorkerShare(joined);
        float[] bad = [.. _bad.Select(isBad => isBad ? 1f : 0)];
        share.AllReduceSum(bad);
        int width = (1 + views) * size,
            rowsAtOnce = Math.Max(1, Piece / width),
            next = 0;
        float[] piece = new float[rowsAtOnce * width],
            own = new float[width];
        for (int first = 0; first < bad.Length; first += rowsAtOnce)
        {
            int rows = Math.Min(rowsAtOnce, bad.Length - first);
            Span<float> values = piece.AsSpan(0, rows * width);
            values.Clear();
            for (int row = 0; row < rows; row++)
            {
                if (!IsOwn(first + row) || bad[first + row] > 0)
                    continue;
                Own.Fill([.. Enumerable.Range(next, 1 + views)], RowView.Plain, [own]);
                next += 1 + views;
                own.CopyTo(values[(row * width)..]);
            }
            share.AllReduceSum(values);
            for (int row = 0; row < rows; row++)
            {
                if (bad[first + row] > 0)
                    continue;
                labels.Add(_labels, first + row);
                features.Add(values.Slice(row * width, width), views);
            }
        }
    }

    public void Dispose() => Own.Dispose();
}
