using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNetExtensions.Faults.Formats;

/// <summary>Reads all that a view of images has.</summary>
internal static class SourceReading
{
    public static void ReadAll(IDataView view)
    {
        using DataViewRowCursor cursor = view.GetRowCursor(view.Schema);
        var getters = new List<Action>();
        foreach (DataViewSchema.Column column in view.Schema)
        {
            if (column.Type is not VectorDataViewType vector)
                getters.Add(Getter<ReadOnlyMemory<char>>(cursor, column));
            else if (vector.ItemType is KeyDataViewType)
                getters.Add(Getter<VBuffer<uint>>(cursor, column));
            else if (vector.ItemType is BooleanDataViewType)
                getters.Add(Getter<VBuffer<bool>>(cursor, column));
            else if (vector.ItemType == NumberDataViewType.Single)
                getters.Add(Getter<VBuffer<float>>(cursor, column));
            else
                getters.Add(Getter<VBuffer<byte>>(cursor, column));
        }
        while (cursor.MoveNext())
            getters.ForEach(get => get());
    }

    private static Action Getter<T>(DataViewRow row, DataViewSchema.Column column)
    {
        ValueGetter<T> get = row.GetGetter<T>(column);
        T value = default!;
        return () => get(ref value);
    }
}
