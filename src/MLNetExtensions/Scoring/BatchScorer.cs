using System.Runtime.ExceptionServices;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExtensions.Data;

namespace MLNetExtensions.Scoring;

/// <summary>
/// Scores the pictures of a cursor in batches: while ONNX Runtime scores one, the pictures of the next are decoded. An unreadable picture is an
/// error when its row is reached, not before. Nothing is read before the first row is asked for.
/// </summary>
internal sealed class BatchScorer : IDisposable
{
    // What one batch of pixels may hold; larger pictures come in smaller batches.
    private const int MaxBatchBytes = 32 << 20;
    private const int MaxBatchRows = 64;

    private readonly Func<DataViewRowCursor> _openCursor;
    private readonly ImageColumn _image;
    private readonly ScoringModel _model;
    private readonly float[] _pixels;
    private readonly float[] _scores;
    private readonly DataViewRowId[] _ids;
    private ImageRowWorkers? _workers;
    private Exception? _error;
    private bool _ended;
    private int _count;
    private int _row;

    /// <param name="openCursor">Opens the cursor, with the pictures' column active.</param>
    /// <param name="image">The pictures' column.</param>
    /// <param name="model">The model.</param>
    public BatchScorer(Func<DataViewRowCursor> openCursor, ImageColumn image, ScoringModel model)
    {
        _openCursor = openCursor;
        _image = image;
        _model = model;
        int rows = Math.Clamp(MaxBatchBytes / sizeof(float) / model.InputLength / model.Views, 1, MaxBatchRows);
        _pixels = new float[rows * model.InputLength];
        _scores = new float[rows * model.OutputLength];
        _ids = new DataViewRowId[rows];
    }

    /// <summary>The identity of the row in the input.</summary>
    public DataViewRowId RowId => _ids[_row];

    /// <summary>The row's output values.</summary>
    public ReadOnlySpan<float> Scores => _scores.AsSpan(_row * _model.OutputLength, _model.OutputLength);

    /// <summary>Goes to the next row.</summary>
    /// <exception cref="BadImageException">The row's picture cannot be read.</exception>
    public bool MoveNext()
    {
        if (++_row < _count)
            return true;
        Fill();
        _row = 0;
        if (_count > 0)
            _model.Run(_pixels, _count, _scores);
        else if (_error is not null)
            ExceptionDispatchInfo.Throw(_error);
        return _count > 0;
    }

    public void Dispose() => _workers?.Dispose();

    private void Fill()
    {
        _count = 0;
        _workers ??= new ImageRowWorkers(Open, _model.Decoder, Environment.ProcessorCount, slots: _ids.Length, CancellationToken.None);
        while (_count < _ids.Length && !_ended && _error is null)
        {
            RowSlot? slot = TryNext();
            if (slot is null)
                continue;
            PlanarPixels.ToSingle(slot.Canvas, _pixels.AsSpan(_count * _model.InputLength));
            _ids[_count++] = slot.Id;
            _workers.Release(slot);
        }
    }

    /// <summary>The next picture; null where the rows end or an error does.</summary>
    private RowSlot? TryNext()
    {
        try
        {
            RowSlot? slot = _workers!.Next();
            _ended = slot is null;
            _error = slot?.Bad;
            return _error is null ? slot : null;
        }
        catch (Exception e)
        {
            _error = e;
            return null;
        }
    }

    private ImageRowCursor Open()
    {
        DataViewRowCursor cursor = _openCursor();
        return new ImageRowCursor(cursor, _image.Reader(cursor, _model.Decoder), label: null);
    }
}
