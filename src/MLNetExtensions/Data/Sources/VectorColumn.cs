using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNetExtensions.Data.Sources;

/// <summary>Vectors that are at hand, each of its own length.</summary>
internal sealed class VectorColumn<T>(string name, PrimitiveDataViewType itemType, Func<int, T[]> valueOf)
    : SourceColumn(name, new VectorDataViewType(itemType))
{
    public override Delegate Getter(SourceCursor cursor) =>
        (ValueGetter<VBuffer<T>>)(
            (ref VBuffer<T> value) =>
            {
                T[] values = valueOf(cursor.Row);
                VBufferEditor<T> editor = VBufferEditor.Create(ref value, values.Length);
                values.CopyTo(editor.Values);
                value = editor.Commit();
            }
        );
}
