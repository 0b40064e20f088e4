using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNetExtensions.Data.Splits;

/// <summary>Reads a column of labels or groups as text, whatever its type.</summary>
internal static class ColumnText
{
    /// <summary>A function that gives the current row's value: a text, a number, or a key's value (its number where it has none).</summary>
    /// <exception cref="ArgumentOutOfRangeException">The column holds vectors or other values that are not labels.</exception>
    public static Func<string> Reader(DataViewRowCursor cursor, DataViewSchema.Column column)
    {
        if (column.Type is KeyDataViewType)
            return KeyReader(cursor, column);
        return column.Type switch
        {
            TextDataViewType => Create<ReadOnlyMemory<char>>(value => value.ToString()),
            BooleanDataViewType => Create<bool>(value => value ? "true" : "false"),
            NumberDataViewType { RawType: var type } when type == typeof(float) => Number<float>(),
            NumberDataViewType { RawType: var type } when type == typeof(double) => Number<double>(),
            NumberDataViewType { RawType: var type } when type == typeof(byte) => Number<byte>(),
            NumberDataViewType { RawType: var type } when type == typeof(sbyte) => Number<sbyte>(),
            NumberDataViewType { RawType: var type } when type == typeof(short) => Number<short>(),
            NumberDataViewType { RawType: var type } when type == typeof(ushort) => Number<ushort>(),
            NumberDataViewType { RawType: var type } when type == typeof(int) => Number<int>(),
            NumberDataViewType { RawType: var type } when type == typeof(uint) => Number<uint>(),
            NumberDataViewType { RawType: var type } when type == typeof(long) => Number<long>(),
            NumberDataViewType { RawType: var type } when type == typeof(ulong) => Number<ulong>(),
            _ => throw new ArgumentOutOfRangeException(
                nameof(column),
                $"Schema mismatch for column '{column.Name}': expected text, a key, a number or a Boolean, got {column.Type}"
            ),
        };

        Func<string> Number<T>()
            where T : IFormattable => Create<T>(value => value.ToString(null, CultureInfo.InvariantCulture));

        Func<string> Create<T>(Func<T, string> convert) => Getter(cursor, column, convert);
    }

    private static Func<string> KeyReader(DataViewRowCursor cursor, DataViewSchema.Column column)
    {
        IReadOnlyList<string>? names = column.HasKeyValues() ? ClassLabels.Of(column).Names : null;
        Type type = column.Type.RawType;
        return type == typeof(byte) ? Getter<byte>(cursor, column, key => Text(key))
            : type == typeof(ushort) ? Getter<ushort>(cursor, column, key => Text(key))
            : type == typeof(uint) ? Getter<uint>(cursor, column, key => Text(key))
            : Getter<ulong>(cursor, column, Text);

        string Text(ulong key) =>
            key == 0 ? ""
            : names is not null && key <= (ulong)names.Count ? names[(int)key - 1]
            : (key - 1).ToString(CultureInfo.InvariantCulture);
    }

    private static Func<string> Getter<T>(DataViewRowCursor cursor, DataViewSchema.Column column, Func<T, string> convert)
    {
        ValueGetter<T> getter = cursor.GetGetter<T>(column);
        T value = default!;
        return () =>
        {
            getter(ref value);
            return convert(value);
        };
    }
}
