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
            if (column.Type is VectorDataViewType)
            {
                ValueGetter<VBuffer<byte>> bytes = cursor.GetGetter<VBuffer<byte>>(column);
                VBuffer<byte> value = default;
                getters.Add(() => bytes(ref value));
            }
            else
            {
                ValueGetter<ReadOnlyMemory<char>> text = cursor.GetGetter<ReadOnlyMemory<char>>(column);
                ReadOnlyMemory<char> value = default;
                getters.Add(() => text(ref value));
            }
        }
        while (cursor.MoveNext())
            getters.ForEach(get => get());
    }
}
