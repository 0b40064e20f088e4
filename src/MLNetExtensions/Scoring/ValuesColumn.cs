using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNetExtensions.Scoring;

/// <summary>An output's values: a vector.</summary>
internal sealed record ValuesColumn<T>(string Name, int Output, VectorDataViewType Vector, DataViewSchema.Annotations Annotations)
    : OutputColumn(Name, Vector, Annotations)
{
    public override Delegate Getter(IScoreSource source) =>
        (ValueGetter<VBuffer<T>>)(
            (ref VBuffer<T> value) =>
            {
                ReadOnlySpan<T> values = source.Values<T>(Output);
                VBufferEditor<T> editor = VBufferEditor.Create(ref value, values.Length);
                values.CopyTo(editor.Values);
                value = editor.Commit();
            }
        );
}
