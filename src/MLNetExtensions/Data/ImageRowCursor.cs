using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNetExtensions.Data;

/// <summary>A cursor over the image column and, where asked for, the label column. One thread at a time.</summary>
internal sealed class ImageRowCursor : IDisposable
{
    private readonly DataViewRowCursor _cursor;
    private readonly ValueGetter<DataViewRowId> _id;
    private readonly string? _labelName;
    private readonly Func<ulong>? _readKey;

    public ImageRowCursor(DataViewRowCursor cursor, ImageColumnReader images, DataViewSchema.Column? label)
    {
        _cursor = cursor;
        _id = cursor.GetIdGetter();
        Images = images;
        if (label is not { } column)
            return;
        _labelName = column.Name;
        _readKey = column.Type.RawType switch
        {
            Type type when type == typeof(byte) => KeyReader<byte>(column, key => key),
            Type type when type == typeof(ushort) => KeyReader<ushort>(column, key => key),
            Type type when type == typeof(uint) => KeyReader<uint>(column, key => key),
            _ => KeyReader<ulong>(column, key => key),
        };
    }

    public ImageColumnReader Images { get; }

    /// <summary>Moves on and takes the row.</summary>
    /// <returns>False where there is no further row.</returns>
    public bool Read(RowSlot slot)
    {
        try
        {
            if (!_cursor.MoveNext())
                return false;
            _id(ref slot.Id);
            if (_readKey is not null)
                slot.Label = (int)(_readKey() - 1);
            if (_readKey is null || slot.Label >= 0)
                Images.Read(slot);
        }
        catch (Exception e) when (e is not (BadImageException or OperationCanceledException))
        {
            throw new InvalidOperationException($"Reading row {slot.Row} of the data failed: {e.Message}", e);
        }
        if (_readKey is not null && slot.Label < 0)
            throw new InvalidDataException($"Row {slot.Row} has no label: the key of column '{_labelName}' is missing. Label the row or filter " +
                "it out (FilterByKeyColumnFraction, FilterRowsByMissingValues); a value that MapValueToKey has not seen also becomes a missing key.");
        return true;
    }

    public void Dispose() => _cursor.Dispose();

    private Func<ulong> KeyReader<T>(DataViewSchema.Column column, Func<T, ulong> widen)
    {
        ValueGetter<T> getter = _cursor.GetGetter<T>(column);
        T key = default!;
        return () =>
        {
            getter(ref key);
            return widen(key);
        };
    }
}
