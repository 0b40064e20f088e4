using MLNetExtensions.Imaging.Decoding;

namespace MLNetExtensions.Data;

/// <summary>Consecutive rows of a data view, decoded. The memory is reused: it is valid until the next batch is asked for.</summary>
internal sealed class ImageBatch
{
    private readonly int _imageBytes;
    private readonly DecodedImageCache.Key?[] _keys;
    private readonly byte[] _pixels;
    private readonly int[] _labels;
    private readonly long[] _rows;
    private readonly float[] _labelValues;
    private readonly int _labelWidth;

    public ImageBatch(ImageRows source, int capacity, int imageBytes, int labelWidth = 0)
    {
        Source = source;
        _keys = new DecodedImageCache.Key?[capacity];
        _labelWidth = labelWidth;
        _labelValues = new float[capacity * labelWidth];
        _imageBytes = imageBytes;
        _pixels = GC.AllocateUninitializedArray<byte>(checked(capacity * imageBytes));
        _labels = new int[capacity];
        _rows = new long[capacity];
    }

    /// <summary>The rows that the images were read from.</summary>
    public ImageRows Source { get; }

    /// <summary>The number of images; the last batch may be short.</summary>
    public int Count { get; private set; }

    /// <summary>[Count, channels, CanvasHeight, CanvasWidth], as <see cref="ImageDecoder"/> makes them.</summary>
    public ReadOnlySpan<byte> Pixels => _pixels.AsSpan(0, Count * _imageBytes);

    /// <summary>The class of each image, from 0; -1 if no label column was requested or labels are not classes.</summary>
    public ReadOnlySpan<int> Labels => _labels.AsSpan(0, Count);

    /// <summary>The labels that are not classes, one row after another; empty if they are classes.</summary>
    public ReadOnlySpan<float> LabelValues => _labelValues.AsSpan(0, Count * _labelWidth);

    /// <summary>The row of each image in the data view, from 0.</summary>
    public ReadOnlySpan<long> Rows => _rows.AsSpan(0, Count);

    /// <summary>The key of each image in a cache of decoded images; null for an image that is not cached.</summary>
    public ReadOnlySpan<DecodedImageCache.Key?> Keys => _keys.AsSpan(0, Count);

    internal bool IsFull => Count == _rows.Length;

    internal void Clear() => Count = 0;

    internal void Add(RowSlot slot)
    {
        slot.Canvas.CopyTo(_pixels.AsSpan(Count * _imageBytes, _imageBytes));
        _labels[Count] = slot.Label;
        _rows[Count] = slot.Row;
        _keys[Count] = slot.Key;
        slot.LabelValues.CopyTo(_labelValues.AsSpan(Count * _labelWidth));
        Count++;
    }
}
