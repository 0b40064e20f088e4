using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNetExtensions.Data;

/// <summary>
/// Reads a label column: classes (a key), a number (Single), or a value for each of several labels (a vector of Boolean or Single).
/// </summary>
internal abstract class LabelReader
{
    /// <summary>Takes the current row's label.</summary>
    /// <returns>False if the row has none.</returns>
    public abstract bool Read(RowSlot slot);

    /// <summary>The number of values of a row's label; 0 for a class.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The column is of another type.</exception>
    public static int WidthOf(DataViewSchema.Column column) =>
        column.Type switch
        {
            KeyDataViewType { Count: <= int.MaxValue } => 0,
            KeyDataViewType key => throw new ArgumentOutOfRangeException(
                "schema",
                $"Schema mismatch for label column '{column.Name}': " + $"expected Key with at most {int.MaxValue} values, got {key}"
            ),
            NumberDataViewType number when number == NumberDataViewType.Single => 1,
            VectorDataViewType { IsKnownSize: true } vector
                when vector.ItemType == NumberDataViewType.Single || vector.ItemType is BooleanDataViewType => vector.Size,
            _ => throw new ArgumentOutOfRangeException(
                "schema",
                $"Schema mismatch for label column '{column.Name}': "
                    + $"expected Key (as MapValueToKey makes), Single, or Vector<Boolean> or Vector<Single> of known size, got "
                    + $"{column.Type}"
            ),
        };

    /// <summary>Makes the reader of a column that <see cref="WidthOf"/> accepts.</summary>
    public static LabelReader Create(DataViewRow row, DataViewSchema.Column column) =>
        column.Type switch
        {
            KeyDataViewType { RawType: var raw } when raw == typeof(byte) => new Keys<byte>(row, column, key => key),
            KeyDataViewType { RawType: var raw } when raw == typeof(ushort) => new Keys<ushort>(row, column, key => key),
            KeyDataViewType { RawType: var raw } when raw == typeof(uint) => new Keys<uint>(row, column, key => key),
            KeyDataViewType => new Keys<ulong>(row, column, key => key),
            VectorDataViewType { ItemType: BooleanDataViewType } => new Vectors<bool>(row, column, value => value ? 1 : 0),
            VectorDataViewType => new Vectors<float>(row, column, value => value),
            _ => new Numbers(row, column),
        };

    private sealed class Keys<T>(DataViewRow row, DataViewSchema.Column column, Func<T, ulong> widen) : LabelReader
    {
        private readonly ValueGetter<T> _getter = row.GetGetter<T>(column);
        private T _key = default!;

        public override bool Read(RowSlot slot)
        {
            _getter(ref _key);
            slot.Label = (int)(widen(_key) - 1);
            return slot.Label >= 0;
        }
    }

    private sealed class Numbers(DataViewRow row, DataViewSchema.Column column) : LabelReader
    {
        private readonly ValueGetter<float> _getter = row.GetGetter<float>(column);

        public override bool Read(RowSlot slot)
        {
            _getter(ref slot.LabelValues[0]);
            return float.IsFinite(slot.LabelValues[0]);
        }
    }

    private sealed class Vectors<T>(DataViewRow row, DataViewSchema.Column column, Func<T, float> convert) : LabelReader
    {
        private readonly ValueGetter<VBuffer<T>> _getter = row.GetGetter<VBuffer<T>>(column);
        private VBuffer<T> _values;

        public override bool Read(RowSlot slot)
        {
            _getter(ref _values);
            if (_values.Length != slot.LabelValues.Length)
                return false;
            int i = 0;
            bool finite = true;
            foreach (T value in _values.DenseValues())
            {
                slot.LabelValues[i] = convert(value);
                finite &= float.IsFinite(slot.LabelValues[i++]);
            }
            return finite;
        }
    }
}
