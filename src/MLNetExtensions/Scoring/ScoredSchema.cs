using Microsoft.ML;

namespace MLNetExtensions.Scoring;

/// <summary>A schema some of whose columns come from a model; the others come from a view beside it.</summary>
internal sealed class ScoredSchema
{
    private readonly OutputColumn?[] _scored;
    private readonly DataViewSchema _others;

    /// <summary>An input schema with the columns that scoring adds behind it; the input's columns keep their indices.</summary>
    public ScoredSchema(DataViewSchema input, IReadOnlyList<OutputColumn> added)
    {
        _others = input;
        _scored = [.. new OutputColumn?[input.Count], .. added];
        var builder = new DataViewSchema.Builder();
        builder.AddColumns(input);
        foreach (OutputColumn column in added)
            builder.AddColumn(column.Name, column.Type, column.Annotations);
        Output = builder.ToSchema();
    }

    public DataViewSchema Output { get; }

    public bool IsScored(DataViewSchema.Column column) => _scored[column.Index] is not null;

    /// <summary>The columns, of those given, that come from the view beside the model.</summary>
    public IEnumerable<DataViewSchema.Column> Others(IEnumerable<DataViewSchema.Column> columns) =>
        columns.Where(c => !IsScored(c)).Select(c => _others[c.Index]);

    /// <summary>The column of the view beside the model.</summary>
    public DataViewSchema.Column Other(DataViewSchema.Column column) => _others[column.Index];

    /// <summary>The getter of a scored column.</summary>
    public ValueGetter<TValue> Getter<TValue>(DataViewSchema.Column column, IScoreSource source) =>
        _scored[column.Index]!.Getter(source) as ValueGetter<TValue>
        ?? throw new InvalidOperationException($"Column '{column.Name}' is of type {column.Type}, not {typeof(TValue).Name}.");
}
