using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNetExtensions.Scoring;

/// <summary>An output's first value.</summary>
internal sealed record ValueColumn<T>(string Name, int Output, PrimitiveDataViewType Item, DataViewSchema.Annotations Annotations)
    : OutputColumn(Name, Item, Annotations)
{
    public override Delegate Getter(IScoreSource source) => (ValueGetter<T>)((ref T value) => value = source.Values<T>(Output)[0]);
}
