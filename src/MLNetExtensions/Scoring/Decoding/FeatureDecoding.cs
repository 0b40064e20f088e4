using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExtensions.Imaging;
using MLNetExtensions.Onnx;
using MLNetExtensions.Scoring.Sessions;

namespace MLNetExtensions.Scoring.Decoding;

/// <summary>
/// Decodes features: one vector of Single per row, from an output or any value between the model's nodes, for ML.NET trainers or for
/// comparisons.
/// </summary>
public sealed record FeatureDecoding : OnnxDecoding
{
    /// <summary>The output or inner value, Float [batch, ...].</summary>
    /// <value>The default is null: the model's first output.</value>
    public string? Output { get; init; }

    /// <summary>True to divide each vector by its length, so that the dot product of two vectors is their cosine similarity.</summary>
    /// <value>The default is false.</value>
    public bool Normalize { get; init; }

    /// <summary>The column's name.</summary>
    /// <value>The default is <c>Features</c>.</value>
    public string FeatureColumnName { get; init; } = "Features";

    internal override IReadOnlyList<string?> OutputNames => [Output];

    internal override OutputDecoder Open(OnnxSession session) => new FeatureDecoder(this, Output ?? session.OutputSpecs[0].Name);

    private sealed class FeatureDecoder(FeatureDecoding settings, string output) : OutputDecoder
    {
        private int _length;

        public override IReadOnlyList<string> OutputNames { get; } = [output];

        public override int ColumnCount => 1;

        public override void Check(ScoringPlan plan, int first, ImagePreprocessing? image)
        {
            PlannedOutput planned = plan.Outputs[first];
            if (planned.Spec.Kind.ItemType != NumberDataViewType.Single || planned.RowLength is not int length)
                throw new ArgumentOutOfRangeException(
                    nameof(Output),
                    $"Output {planned.Spec} holds no features: expected Float of a known length for each row."
                );
            _length = length;
        }

        public override IReadOnlyList<OutputColumn> Columns(DataViewSchema input, ScoringPlan plan, int first) =>
            [new FeatureColumn(settings, first, _length)];

        public override IReadOnlyList<OnnxValue> Export(GraphEnd end, IReadOnlyList<string> outputs, string? size)
        {
            string flat = end.Add("Reshape", [outputs[0], end.Constant(OnnxTensor.FromInt64s("features", [2], [-1, _length]))]);
            end.AddAs(
                settings.FeatureColumnName,
                settings.Normalize ? "LpNormalization" : "Identity",
                [flat],
                settings.Normalize ? [OnnxAttribute.Of("axis", 1L), OnnxAttribute.Of("p", 2L)] : []
            );
            return [OnnxValue.Create(settings.FeatureColumnName, OnnxElementType.Float, -1, _length)];
        }

        public override IReadOnlyList<string> SavedOutputs => [settings.FeatureColumnName];

        public override EstimatorChain<ITransformer> Append(
            MLContext context,
            EstimatorChain<ITransformer> chain,
            List<string> temporaries
        ) => chain;
    }

    private sealed record FeatureColumn(FeatureDecoding Settings, int Output, int Length)
        : OutputColumn(
            Settings.FeatureColumnName,
            new VectorDataViewType(NumberDataViewType.Single, Length),
            DataViewSchema.Annotations.Empty
        )
    {
        public override Delegate Getter(IScoreSource source) =>
            (ValueGetter<VBuffer<float>>)(
                (ref VBuffer<float> value) =>
                {
                    ReadOnlySpan<float> values = source.Values<float>(Output);
                    VBufferEditor<float> editor = VBufferEditor.Create(ref value, values.Length);
                    values.CopyTo(editor.Values);
                    // As ONNX's LpNormalization: zeros stay zeros.
                    if (Settings.Normalize && System.Numerics.Tensors.TensorPrimitives.Norm(values) is var norm && norm != 0)
                        System.Numerics.Tensors.TensorPrimitives.Divide(editor.Values, norm, editor.Values);
                    value = editor.Commit();
                }
            );
    }
}
