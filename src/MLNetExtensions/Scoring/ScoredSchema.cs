using Microsoft.ML;

namespace MLNetExtensions.Scoring;

/// <summary>An input schema with the columns that scoring adds behind it; the input's columns keep their indices.</summary>
internal sealed class ScoredSchema
{
    private readonly IReadOnlyList<OutputColumn> _added;

    public ScoredSchema(DataViewSchema input, ImageColumn image, IReadOnlyList<OutputColumn> added)
    {
        _added = added;
        Input = input;
        Image = image;
        var builder = new DataViewSchema.Builder();
        builder.AddColumns(input);
        foreach (OutputColumn column in added)
            builder.AddColumn(column.Name, column.Type, column.Annotations);
        Output = builder.ToSchema();
    }

    public DataViewSchema Input { get; }

    public DataViewSchema Output { get; }

    public ImageColumn Image { get; }

    public bool IsAdded(DataViewSchema.Column column) => column.Index >= Input.Count;

    /// <summary>The input's columns that some output columns are.</summary>
    public IEnumerable<DataViewSchema.Column> PassedThrough(IEnumerable<DataViewSchema.Column> columns) =>
        columns.Where(c => !IsAdded(c)).Select(c => Input[c.Index]);

    /// <summary>The getter of an added column.</summary>
    public ValueGetter<TValue> Getter<TValue>(DataViewSchema.Column column, IScoreSource source) =>
        _added[column.Index - Input.Count].Getter(source) as ValueGetter<TValue>
        ?? throw new InvalidOperationException($"Column '{column.Name}' is of type {column.Type}, not {typeof(TValue).Name}.");
}
