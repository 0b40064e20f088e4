using Microsoft.ML;
using MLNetExtensions.Scoring.Batches;
using MLNetExtensions.Scoring.Decoding;
using MLNetExtensions.Scoring.Sessions;

namespace MLNetExtensions.Scoring.ScoreOnnx;

/// <summary>A model's inputs and outputs bound to columns.</summary>
/// <param name="Sources">The columns of the inputs.</param>
/// <param name="Plan">The layout of rows in the model.</param>
/// <param name="Outputs">The columns of outputs as they are: the first ones of the plan.</param>
/// <param name="Decoder">The decoder of the plan's further outputs; null if there are none.</param>
internal sealed record OnnxBinding(
    IReadOnlyList<InputSource> Sources,
    ScoringPlan Plan,
    IReadOnlyList<string> Outputs,
    OutputDecoder? Decoder
) : IDisposable
{
    /// <summary>The columns that scoring adds to a schema.</summary>
    public ScoredSchema SchemaOf(DataViewSchema input)
    {
        IEnumerable<OutputColumn> raw = Outputs.Select(
            (name, i) => Plan.Outputs[i].Spec.Kind.NewColumn(name, i, Plan.Outputs[i].ColumnShape, DataViewSchema.Annotations.Empty)
        );
        return new ScoredSchema(input, [.. raw, .. Decoder?.Columns(input, Plan, Outputs.Count) ?? []]);
    }

    /// <summary>Checks that a schema has the columns, with rows of the same kind.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing, or does not fit.</exception>
    public void Check(DataViewSchema input)
    {
        for (int i = 0; i < Sources.Count; i++)
        {
            RowShape row = Sources[i].ShapeIn(input);
            if (row.Length is long length && !(length <= int.MaxValue && Plan.Inputs[i].Fits((int)length)))
                throw new ArgumentOutOfRangeException(
                    nameof(input),
                    $"Schema mismatch for input column '{Sources[i].ColumnName}': it was {string.Join(" x ", Plan.Inputs[i].Sizes)} "
                        + $"when the model was fitted, now the {row}."
                );
        }
    }

    /// <summary>The names of the classes; null if there are none.</summary>
    public IReadOnlyList<string>? LabelNames => ExportedLabels ?? Decoder?.LabelNames;

    private IReadOnlyList<string>? ExportedLabels { get; init; }

    /// <summary>True if the decoding needs the size that images had before they were resized, and they are no pixels yet.</summary>
    public bool UsesImageSize => Decoder is { NeedsImageSize: true } && Sources.OfType<ImageSource>().First() is { Image.IsPixels: false };

    /// <summary>The binding without its decoding: the network's own outputs.</summary>
    public OnnxBinding WithoutDecoding() =>
        Decoder is null
            ? this
            : this with
            {
                Outputs = [.. Outputs, .. Decoder.OutputNames],
                Decoder = null,
                ExportedLabels = Decoder.LabelNames,
            };

    public void Dispose()
    {
        foreach (InputSource source in Sources)
            (source as ImageSource)?.Decoder.Dispose();
    }
}
