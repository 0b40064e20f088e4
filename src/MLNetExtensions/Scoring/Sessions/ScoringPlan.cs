namespace MLNetExtensions.Scoring.Sessions;

/// <summary>The mapping from rows of columns to a model's inputs, and from its outputs to columns.</summary>
/// <param name="Inputs">The model's inputs.</param>
/// <param name="Outputs">The outputs that are wanted.</param>
/// <param name="BatchSize">The most rows of a batch.</param>
/// <param name="FixedRows">The fixed batch size of the model; a smaller batch is padded. Null for any size.</param>
internal sealed record ScoringPlan(
    IReadOnlyList<PlannedInput> Inputs,
    IReadOnlyList<PlannedOutput> Outputs,
    int BatchSize,
    int? FixedRows = null
)
{
    public IReadOnlyList<string> InputNames { get; } = [.. Inputs.Select(i => i.Spec.Name)];

    public IReadOnlyList<string> OutputNames { get; } = [.. Outputs.Select(o => o.Spec.Name)];

    /// <summary>
    /// True if ONNX Runtime can write the outputs directly. Each must have a fixed number of elements per row and the shape that the model
    /// states. None may be an unchanged input or be requested twice, because ONNX Runtime would leave it unwritten.
    /// </summary>
    public bool AreOutputsWritten { get; } =
        Outputs.All(o => o.RowLength is not null && o.IsAsStated(FixedRows ?? (BatchSize == 1 ? 1 : null)))
        && Outputs.Select(o => o.Spec.Name).Distinct().Count() == Outputs.Count
        && !Outputs.Any(o => Inputs.Any(i => i.Spec.Name == o.Spec.Name));

    /// <summary>The number of rows that the model is run on for a number of data rows.</summary>
    public int RowsToRun(int rows) => FixedRows ?? rows;
}
