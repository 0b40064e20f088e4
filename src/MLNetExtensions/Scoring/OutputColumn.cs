using System.Numerics.Tensors;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNetExtensions.Scoring;

/// <summary>Where output columns find the model's output for the row they are asked about.</summary>
internal interface IScoreSource
{
    /// <summary>The row's output values; computed at the first call for a row.</summary>
    ReadOnlySpan<float> Scores { get; }
}

/// <summary>A column that scoring adds.</summary>
/// <param name="Name">The column's name.</param>
/// <param name="Type">Its type.</param>
/// <param name="Annotations">Its annotations.</param>
internal abstract record OutputColumn(string Name, DataViewType Type, DataViewSchema.Annotations Annotations)
{
    /// <summary>Makes the column's <see cref="ValueGetter{TValue}"/>.</summary>
    public abstract Delegate Getter(IScoreSource source);
}

/// <summary>The whole output: a vector of Single.</summary>
internal sealed record VectorColumn(string Name, int Length, DataViewSchema.Annotations Annotations)
    : OutputColumn(Name, new VectorDataViewType(NumberDataViewType.Single, Length), Annotations)
{
    public override Delegate Getter(IScoreSource source) => (ValueGetter<VBuffer<float>>)((ref VBuffer<float> value) =>
    {
        VBufferEditor<float> editor = VBufferEditor.Create(ref value, Length);
        source.Scores.CopyTo(editor.Values);
        value = editor.Commit();
    });
}

/// <summary>The first value of the output: a Single.</summary>
internal sealed record ScalarColumn(string Name, DataViewSchema.Annotations Annotations) : OutputColumn(Name, NumberDataViewType.Single, Annotations)
{
    public override Delegate Getter(IScoreSource source) => (ValueGetter<float>)((ref float value) => value = source.Scores[0]);
}

/// <summary>Which values of the output are above a threshold: a vector of Boolean.</summary>
internal sealed record AboveColumn(string Name, int Length, float Threshold, DataViewSchema.Annotations Annotations)
    : OutputColumn(Name, new VectorDataViewType(BooleanDataViewType.Instance, Length), Annotations)
{
    public override Delegate Getter(IScoreSource source) => (ValueGetter<VBuffer<bool>>)((ref VBuffer<bool> value) =>
    {
        VBufferEditor<bool> editor = VBufferEditor.Create(ref value, Length);
        ReadOnlySpan<float> scores = source.Scores;
        for (int i = 0; i < Length; i++)
            editor.Values[i] = scores[i] > Threshold;
        value = editor.Commit();
    });
}

/// <summary>The key of the largest output; of equal ones the first, as ONNX's ArgMax has it.</summary>
internal sealed record PredictedLabelColumn(string Name, KeyDataViewType Key, DataViewSchema.Annotations Annotations)
    : OutputColumn(Name, Key, Annotations)
{
    public override Delegate Getter(IScoreSource source) =>
        (ValueGetter<uint>)((ref uint value) => value = (uint)TensorPrimitives.IndexOfMax(source.Scores) + 1);
}
