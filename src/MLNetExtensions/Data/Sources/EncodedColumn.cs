using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNetExtensions.Data.Sources;

/// <summary>Encoded images, each read when it is asked for.</summary>
internal sealed class EncodedColumn(string name, IImageStore store) : SourceColumn(name, new VectorDataViewType(NumberDataViewType.Byte))
{
    public override Delegate Getter(SourceCursor cursor)
    {
        IImageReader reader = cursor.Own(store.Open());
        return (ValueGetter<VBuffer<byte>>)((ref VBuffer<byte> value) => reader.Read(cursor.Row, ref value));
    }
}
