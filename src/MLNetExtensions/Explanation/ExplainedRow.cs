using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExtensions.Scoring;

namespace MLNetExtensions.Explanation;

/// <summary>The two columns that explain the image of a row or of a cursor's current row; computed once for a row.</summary>
internal sealed class ExplainedRow(DataViewRow input, DataViewSchema schema, ImageColumn image, ImageExplainer explainer, float opacity)
{
    private Func<long, byte[]>? _canvas;
    private Heatmap? _map;
    private long _position = -1;

    /// <summary>True if a column is one of the two.</summary>
    public bool IsAdded(DataViewSchema.Column column) => column.Index >= input.Schema.Count;

    /// <summary>The getter of any column.</summary>
    public ValueGetter<TValue> Getter<TValue>(DataViewSchema.Column column)
    {
        if (!IsAdded(column))
            return input.GetGetter<TValue>(input.Schema[column.Index]);
        _canvas ??= explainer.CanvasReader(input, image);
        Delegate getter = column.Index == schema.Count - 2 ? (ValueGetter<VBuffer<float>>)Map : (ValueGetter<MLImage>)Overlay;
        return getter as ValueGetter<TValue>
            ?? throw new InvalidOperationException($"Column '{column.Name}' is of type {column.Type}, not {typeof(TValue).Name}.");
    }

    private void Map(ref VBuffer<float> value)
    {
        float[] values = Current().Normalize();
        value = new VBuffer<float>(values.Length, values);
    }

    private void Overlay(ref MLImage value)
    {
        value?.Dispose();
        value = Current().ToOverlay(opacity);
    }

    private Heatmap Current()
    {
        if (_map is null || _position != input.Position)
        {
            _map = explainer.Explain([_canvas!(input.Position)], Math.Max(input.Position, 0))[0].Heatmap;
            _position = input.Position;
        }
        return _map;
    }
}
