using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNetExtensions.Tests.Data.Sources;

/// <summary>Reads the views of image sources in full.</summary>
internal static class SourceRows
{
    public static byte[][] Images(IDataView view)
    {
        DataViewSchema.Column column = view.Schema["Image"];
        List<byte[]> images = [];
        using DataViewRowCursor cursor = view.GetRowCursor([column]);
        ValueGetter<VBuffer<byte>> getter = cursor.GetGetter<VBuffer<byte>>(column);
        VBuffer<byte> bytes = default;
        while (cursor.MoveNext())
        {
            getter(ref bytes);
            images.Add([.. bytes.DenseValues()]);
        }
        return [.. images];
    }

    public static string[] Texts(IDataView view, string column) => [.. view.GetColumn<string>(column)];
}
