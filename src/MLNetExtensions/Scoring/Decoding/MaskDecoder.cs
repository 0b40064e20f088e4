using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExtensions.Data;
using MLNetExtensions.Imaging;
using MLNetExtensions.Onnx;
using MLNetExtensions.Scoring.ScoreOnnx;
using MLNetExtensions.Scoring.Sessions;

namespace MLNetExtensions.Scoring.Decoding;

/// <summary>The mask of a segmentation network's output.</summary>
internal sealed class MaskDecoder(MaskDecoding settings, string output) : OutputDecoder
{
    private MaskRule? _rule;

    public override IReadOnlyList<string> OutputNames { get; } = [output];

    public override int ColumnCount => 1;

    public override IReadOnlyList<string>? LabelNames => settings.Labels;

    public override bool NeedsImageSize => true;

    public override IReadOnlyList<string> SavedOutputs => [settings.MaskColumnName];

    public override void Check(ScoringPlan plan, int first, ImagePreprocessing? image)
    {
        PlannedOutput planned = plan.Outputs[first];
        if (image is null)
            throw new ArgumentOutOfRangeException(
                nameof(ScoreOnnxOptions.Decoding),
                "Masks need the size of the images: give the model an image column, not numbers."
            );
        if (planned.Spec.Kind.ItemType != NumberDataViewType.Byte || planned.RowLength != image.Width * image.Height)
            throw new ArgumentOutOfRangeException(
                nameof(ScoreOnnxOptions.Decoding),
                $"Output {planned.Spec} holds no mask: expected UInt8 [batch, {image.Height}, {image.Width}], the class of each pixel. Name the "
                    + "output that does."
            );
        if (image.CropFraction != 1)
            throw new ArgumentOutOfRangeException(
                nameof(ScoreOnnxOptions.Decoding),
                $"Masks are of whole images, but CropFraction of the preprocessing is {image.CropFraction:R}. Set it to 1."
            );
        _rule = new MaskRule(image.Width, image.Height, image.ResizeMode);
    }

    public override IReadOnlyList<OutputColumn> Columns(DataViewSchema input, ScoringPlan plan, int first)
    {
        var labels = new DataViewSchema.Annotations.Builder();
        if (settings.Labels is { } names)
            ClassLabels.Of(names).Annotate(labels, ClassLabels.KeyValues);
        return [new Column(settings.MaskColumnName, labels.ToAnnotations(), _rule!, first)];
    }

    public override IReadOnlyList<OnnxValue> Export(GraphEnd end, IReadOnlyList<string> outputs, string? size)
    {
        if (size is null)
            end.AddAs(settings.MaskColumnName, "Identity", [outputs[0]]);
        else
            new MaskNodes(end, _rule!).Add(settings.MaskColumnName, outputs[0], size);
        return
        [
            size is null
                ? OnnxValue.Create(settings.MaskColumnName, OnnxElementType.UInt8, -1, _rule!.Height, _rule.Width)
                : OnnxValue.Create(settings.MaskColumnName, OnnxElementType.UInt8, -1, -1, -1),
        ];
    }

    public override EstimatorChain<ITransformer> Append(MLContext context, EstimatorChain<ITransformer> chain, List<string> temporaries) =>
        chain;

    private sealed record Column(string Name, DataViewSchema.Annotations Annotations, MaskRule Rule, int Output)
        : OutputColumn(Name, new VectorDataViewType(NumberDataViewType.Byte, size: 0), Annotations)
    {
        public override Delegate Getter(IScoreSource source) =>
            (ValueGetter<VBuffer<byte>>)(
                (ref VBuffer<byte> value) =>
                {
                    int count = source.IsMissing ? 0 : Rule.CountOf(source.Image);
                    VBufferEditor<byte> editor = VBufferEditor.Create(ref value, count);
                    if (count > 0)
                        Rule.Restore(source.Values<byte>(Output), source.Image, editor.Values);
                    value = editor.Commit();
                }
            );
    }
}
