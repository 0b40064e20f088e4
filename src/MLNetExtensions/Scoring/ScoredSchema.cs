using Microsoft.ML;

namespace MLNetExtensions.Scoring;

/// <summary>A schema some of whose columns come from a model; the others come from a view beside it.</summary>
internal sealed class ScoredSchema
{
    private readonly OutputColumn?[] _scored;
    private readonly DataViewSchema _others;

    private ScoredSchema(DataViewSchema schema, OutputColumn?[] scored) => (_others, Output, _scored) = (schema, schema, scored);

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

    /// <summary>A schema some of whose columns a model makes in place of the view.</summary>
    /// <param name="schema">The schema, of the view beside the model too.</param>
    /// <param name="scored">The columns that the model makes; their indices are found by their names.</param>
    public static ScoredSchema Replacing(DataViewSchema schema, IReadOnlyList<OutputColumn> scored)
    {
        var columns = new OutputColumn?[schema.Count];
        foreach (OutputColumn column in scored)
            columns[schema[column.Name].Index] = column;
        return new ScoredSchema(schema, columns);
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
