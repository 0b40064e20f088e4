namespace MLNetExtensions.Scoring.ScoreOnnx;

/// <summary>The column that one of a model's outputs becomes.</summary>
public sealed record OnnxOutput
{
    /// <summary>
    /// The output's name in the model. Any value between the model's nodes may be named; it is then computed in addition to the outputs.
    /// </summary>
    /// <value>The default is null: the model's first output.</value>
    public string? Name { get; init; }

    /// <summary>The column's name.</summary>
    /// <value>The default is null: the output's name.</value>
    public string? ColumnName { get; init; }
}
