using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNetExtensions.UnseenModels;

/// <summary>Columns of any type as lists of doubles and texts.</summary>
internal static class ColumnValues
{
    /// <summary>The rows of a column, its values one after another.</summary>
    public static object[][] Read(IDataView view, string column)
    {
        DataViewSchema.Column found = view.Schema[column];
        using DataViewRowCursor cursor = view.GetRowCursor([found]);
        Func<object[]> read = Reader(cursor, found);
        var rows = new List<object[]>();
        while (cursor.MoveNext())
            rows.Add(read());
        return [.. rows];
    }

    private static Func<object[]> Reader(DataViewRowCursor cursor, DataViewSchema.Column column)
    {
        Type type = column.Type.RawType;
        return type == typeof(VBuffer<float>) ? Vector<float>(v => (double)v)
            : type == typeof(VBuffer<double>) ? Vector<double>(v => v)
            : type == typeof(VBuffer<long>) ? Vector<long>(v => (double)v)
            : type == typeof(VBuffer<ReadOnlyMemory<char>>) ? Vector<ReadOnlyMemory<char>>(v => v.ToString())
            : type == typeof(float) ? Single<float>(v => (double)v)
            : type == typeof(long) ? Single<long>(v => (double)v)
            : type == typeof(ReadOnlyMemory<char>) ? Single<ReadOnlyMemory<char>>(v => v.ToString())
            : throw new NotSupportedException($"No kind has columns of {column.Type}.");

        Func<object[]> Vector<T>(Func<T, object> convert)
        {
            ValueGetter<VBuffer<T>> getter = cursor.GetGetter<VBuffer<T>>(column);
            VBuffer<T> buffer = default;
            return () =>
            {
                getter(ref buffer);
                return [.. buffer.DenseValues().Select(convert)];
            };
        }

        Func<object[]> Single<T>(Func<T, object> convert)
        {
            ValueGetter<T> getter = cursor.GetGetter<T>(column);
            T value = default!;
            return () =>
            {
                getter(ref value);
                return [convert(value)];
            };
        }
    }
}
