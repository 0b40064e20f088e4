using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNetExtensions.Scoring;

/// <summary>A column that tells for each value of the first output whether it is above a threshold: a vector of Boolean.</summary>
internal sealed record AboveColumn(string Name, int Length, float Threshold, DataViewSchema.Annotations Annotations)
    : OutputColumn(Name, new VectorDataViewType(BooleanDataViewType.Instance, Length), Annotations)
{
    public override Delegate Getter(IScoreSource source) =>
        (ValueGetter<VBuffer<bool>>)(
            (ref VBuffer<bool> value) =>
            {
                VBufferEditor<bool> editor = VBufferEditor.Create(ref value, Length);
                ReadOnlySpan<float> scores = source.Values<float>(0);
                for (int i = 0; i < Length; i++)
                    editor.Values[i] = scores[i] > Threshold;
                value = editor.Commit();
            }
        );
}
