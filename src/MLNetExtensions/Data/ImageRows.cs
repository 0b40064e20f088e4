using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExtensions.Data.Schema;
using MLNetExtensions.Imaging;
using MLNetExtensions.Imaging.Decoding;

namespace MLNetExtensions.Data;

/// <summary>
/// The images and classes of a data view. One pass decodes on several threads a bounded number of rows ahead of the consumer and hands
/// them out in the view's order.
/// </summary>
internal sealed class ImageRows
{
    // So many decoded images wait at most: enough to keep the threads busy while the consumer works on a batch.
    private const int MinAhead = 8,
        MaxAhead = 48;

    private readonly IDataView _data;
    private readonly ImageDecoder _decoder;
    private readonly ImageRowsOptions _options;
    private readonly DataViewSchema.Column _image;
    private readonly DataViewSchema.Column? _label;
    private InvalidImageList _invalidImages = new(0);

    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of another type.</exception>
    public ImageRows(IDataView data, ImageDecoder decoder, ImageRowsOptions options)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(options.MaxInvalidImages);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(options.Threads);
        (_data, _decoder, _options) = (data, decoder, options);
        _image = Find(options.ImageColumnName, "input");
        ImageColumnReader.CheckType(_image, decoder);
        if (options.LabelColumnName is null)
            return;
        _label = Find(options.LabelColumnName, "label");
        LabelWidth = LabelReader.WidthOf(_label.Value);
        ClassCount = _label.Value.Type is KeyDataViewType key ? (int)key.Count : 0;
    }

    /// <summary>The number of classes that the label column's type knows; 0 without a label column of classes.</summary>
    public int ClassCount { get; }

    /// <summary>The number of values of a label that is not a class; 0 for classes.</summary>
    public int LabelWidth { get; }

    /// <summary>The images that the latest pass skipped.</summary>
    public IReadOnlyList<InvalidImage> InvalidImages => _invalidImages.Images;

    /// <summary>Reads the view once. Leaving the enumeration stops the threads.</summary>
    /// <param name="batchSize">The number of images in a batch; the last batch may have fewer.</param>
    /// <param name="cancellation">Ends the reading.</param>
    /// <exception cref="InvalidImageException">More images than <see cref="ImageRowsOptions.MaxInvalidImages"/> cannot be read.</exception>
    /// <exception cref="InvalidDataException">A row has no label.</exception>
    /// <exception cref="OperationCanceledException">It was canceled.</exception>
    public IEnumerable<ImageBatch> ReadBatches(int batchSize, CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(batchSize);
        return Enumerate(batchSize, cancellation);
    }

    /// <summary>Decodes the image of one row once more.</summary>
    /// <param name="row">The row in the view, from 0.</param>
    /// <param name="canvas">[channels, CanvasHeight, CanvasWidth].</param>
    /// <param name="expected">The image's content when it was read.</param>
    /// <exception cref="InvalidImageException">It cannot be read, or it is another one by now.</exception>
    public void DecodeAgain(long row, Span<byte> canvas, DecodedImageCache.Key expected)
    {
        using ImageRowCursor cursor = OpenCursor();
        using var slot = new RowSlot(_decoder.CanvasBytes, LabelWidth) { Row = row };
        for (long passed = 0; passed < row; passed++)
            cursor.Skip();
        if (cursor.Read(slot))
            cursor.Images.Decode(slot);
        if (slot.Key != expected)
            throw new InvalidImageException(
                row,
                slot.Path,
                "it has changed since this run first read it, and its copy in the cache is damaged; start the run again"
            );
        slot.Canvas.CopyTo(canvas);
    }

    private IEnumerable<ImageBatch> Enumerate(int batchSize, CancellationToken cancellation)
    {
        _invalidImages = new InvalidImageList(_options.MaxInvalidImages);
        cancellation.ThrowIfCancellationRequested();
        var batch = new ImageBatch(this, batchSize, _decoder.CanvasBytes, LabelWidth);
        using var workers = new ImageRowWorkers(
            OpenCursor,
            _decoder,
            _options.Threads,
            Math.Clamp(batchSize, MinAhead, MaxAhead),
            cancellation,
            LabelWidth,
            _options.ReadsImage
        );
        while (workers.Next() is RowSlot slot)
        {
            _options.RowRead?.Invoke(slot);
            if (slot.Bad is { } bad)
                _invalidImages.Add(bad);
            else if (slot.HasImage)
                batch.Add(slot);
            workers.Release(slot);
            if (!batch.IsFull)
                continue;
            yield return batch;
            batch.Clear();
        }
        if (batch.Count > 0)
            yield return batch;
    }

    private ImageRowCursor OpenCursor()
    {
        DataViewRowCursor cursor = _data.GetRowCursor(_label is { } label ? [_image, label] : [_image]);
        try
        {
            return new ImageRowCursor(cursor, ImageColumnReader.Create(cursor, _image, _decoder, _options.ImageFolder), _label);
        }
        catch
        {
            cursor.Dispose();
            throw;
        }
    }

    private DataViewSchema.Column Find(string name, string role) =>
        _data.Schema.GetColumnOrNull(name) ?? throw MissingColumn.In(_data.Schema, role, name);
}
