using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExtensions.Imaging;

namespace MLNetExtensions.Data;

/// <summary>A cursor over the image column and, where asked for, the label column. One thread at a time.</summary>
internal sealed class ImageRowCursor : IDisposable
{
    private readonly DataViewRowCursor _cursor;
    private readonly ValueGetter<DataViewRowId> _id;
    private readonly string? _labelName;
    private readonly LabelReader? _label;

    public ImageRowCursor(DataViewRowCursor cursor, ImageColumnReader images, DataViewSchema.Column? label)
    {
        _cursor = cursor;
        _id = cursor.GetIdGetter();
        Images = images;
        if (label is not { } column)
            return;
        _labelName = column.Name;
        _label = LabelReader.Create(cursor, column);
    }

    public ImageColumnReader Images { get; }

    /// <summary>Moves on without reading the row.</summary>
    public void Skip() => _cursor.MoveNext();

    /// <summary>Moves on and takes the row.</summary>
    /// <returns>False if there is no further row.</returns>
    public bool Read(RowSlot slot)
    {
        bool labeled;
        try
        {
            if (!_cursor.MoveNext())
                return false;
            _id(ref slot.Id);
            labeled = _label?.Read(slot) ?? true;
            if (labeled && slot.HasImage)
                Images.Read(slot);
        }
        catch (Exception e) when (e is not (InvalidImageException or OperationCanceledException))
        {
            throw new InvalidOperationException($"Reading row {slot.Row} of the data failed: {e.Message}", e);
        }
        if (labeled)
            return true;
        throw new InvalidDataException(
            slot.LabelValues.Length == 0
                ? $"Row {slot.Row} has no label: the key of column '{_labelName}' is missing. Label the row or filter "
                    + "it out (FilterByKeyColumnFraction, FilterRowsByMissingValues); a value that MapValueToKey has not seen also "
                    + "becomes a missing key."
                : $"Row {slot.Row} has no label: column '{_labelName}' holds no finite number, or not {slot.LabelValues.Length} of them. "
                    + "Label the row or filter it out (FilterRowsByMissingValues)."
        );
    }

    public void Dispose() => _cursor.Dispose();
}
