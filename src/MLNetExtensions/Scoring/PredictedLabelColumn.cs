using System.Numerics.Tensors;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNetExtensions.Scoring;

/// <summary>
/// The key of the first output's largest value; of equal ones the first, as ONNX's ArgMax has it. Missing for a missing image.
/// </summary>
internal sealed record PredictedLabelColumn(string Name, KeyDataViewType Key, DataViewSchema.Annotations Annotations)
    : OutputColumn(Name, Key, Annotations)
{
    public override Delegate Getter(IScoreSource source) =>
        (ValueGetter<uint>)(
            (ref uint value) => value = source.IsMissing ? 0 : (uint)TensorPrimitives.IndexOfMax(source.Values<float>(0)) + 1
        );
}
