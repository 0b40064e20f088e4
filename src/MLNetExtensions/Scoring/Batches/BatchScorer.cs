using System.Runtime.ExceptionServices;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExtensions.Imaging;
using MLNetExtensions.Imaging.Decoding;

namespace MLNetExtensions.Scoring.Batches;

/// <summary>
/// The scores of a cursor's rows, in order: while one batch is consumed, the next ones are read, decoded and scored. An unreadable image is
/// an error when its row is reached, not before. Nothing is read before the first row is asked for.
/// </summary>
internal sealed class BatchScorer(Func<DataViewRowCursor> openCursor, ScoringEngine engine) : IScoreSource, IDisposable
{
    private BatchWorkers? _workers;
    private ScoreBatch? _batch;
    private Exception? _error;
    private int _row;

    /// <summary>The identity of the row in the input.</summary>
    public DataViewRowId RowId => _batch!.Ids[_row];

    public bool IsMissing => _batch!.IsMissing(_row);

    public ImageSize Image => _batch!.ImageOf(_row);

    public ReadOnlySpan<T> Values<T>(int output) => _batch!.Values<T>(output, _row);

    /// <summary>Goes to the next row.</summary>
    /// <exception cref="InvalidImageException">The row's image cannot be read.</exception>
    public bool MoveNext()
    {
        if (_batch is not null && ++_row < _batch.Count)
            return true;
        if (_error is null && !(_batch?.IsLast ?? false))
            Next();
        if (_row < _batch!.Count)
            return true;
        if (_error is not null)
            ExceptionDispatchInfo.Throw(_error);
        return false;
    }

    public void Dispose() => _workers?.Dispose();

    private void Next()
    {
        _workers ??= Start();
        if (_batch is not null)
            _workers.Release(_batch);
        _batch = _workers.Next();
        _error = _batch.Error;
        _row = 0;
    }

    private BatchWorkers Start()
    {
        DataViewRowCursor cursor = openCursor();
        try
        {
            return new BatchWorkers(engine, cursor);
        }
        catch
        {
            cursor.Dispose();
            throw;
        }
    }
}
