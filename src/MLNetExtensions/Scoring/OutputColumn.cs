using System.Numerics.Tensors;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExtensions.Imaging.Decoding;

namespace MLNetExtensions.Scoring;

/// <summary>The source from which output columns read the model's outputs for the current row.</summary>
internal interface IScoreSource
{
    /// <summary>The row's values of an output; computed at the first call for a row.</summary>
    /// <typeparam name="T">ML.NET's type of the output's elements.</typeparam>
    /// <param name="output">The output's number in the plan.</param>
    ReadOnlySpan<T> Values<T>(int output);

    /// <summary>True if the row's image could not be read and missing scores were requested; its values are then NaN, 0 or empty.</summary>
    bool IsMissing { get; }

    /// <summary>The size of the row's image as it was; nothing where there is none, or where it is not known.</summary>
    ImageSize Image { get; }
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

/// <summary>An output's values: a vector.</summary>
internal sealed record ValuesColumn<T>(string Name, int Output, VectorDataViewType Vector, DataViewSchema.Annotations Annotations)
    : OutputColumn(Name, Vector, Annotations)
{
    public override Delegate Getter(IScoreSource source) => (ValueGetter<VBuffer<T>>)((ref VBuffer<T> value) =>
    {
        ReadOnlySpan<T> values = source.Values<T>(Output);
        VBufferEditor<T> editor = VBufferEditor.Create(ref value, values.Length);
        values.CopyTo(editor.Values);
        value = editor.Commit();
    });
}

/// <summary>An output's first value.</summary>
internal sealed record ValueColumn<T>(string Name, int Output, PrimitiveDataViewType Item, DataViewSchema.Annotations Annotations)
    : OutputColumn(Name, Item, Annotations)
{
    public override Delegate Getter(IScoreSource source) => (ValueGetter<T>)((ref T value) => value = source.Values<T>(Output)[0]);
}

/// <summary>A column that tells for each value of the first output whether it is above a threshold: a vector of Boolean.</summary>
internal sealed record AboveColumn(string Name, int Length, float Threshold, DataViewSchema.Annotations Annotations)
    : OutputColumn(Name, new VectorDataViewType(BooleanDataViewType.Instance, Length), Annotations)
{
    public override Delegate Getter(IScoreSource source) => (ValueGetter<VBuffer<bool>>)((ref VBuffer<bool> value) =>
    {
        VBufferEditor<bool> editor = VBufferEditor.Create(ref value, Length);
        ReadOnlySpan<float> scores = source.Values<float>(0);
        for (int i = 0; i < Length; i++)
            editor.Values[i] = scores[i] > Threshold;
        value = editor.Commit();
    });
}

/// <summary>The key of the first output's largest value; of equal ones the first, as ONNX's ArgMax has it. Missing for a missing image.</summary>
internal sealed record PredictedLabelColumn(string Name, KeyDataViewType Key, DataViewSchema.Annotations Annotations)
    : OutputColumn(Name, Key, Annotations)
{
    public override Delegate Getter(IScoreSource source) => (ValueGetter<uint>)((ref uint value) =>
        value = source.IsMissing ? 0 : (uint)TensorPrimitives.IndexOfMax(source.Values<float>(0)) + 1);
}
