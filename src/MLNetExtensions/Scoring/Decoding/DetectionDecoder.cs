using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExtensions.Backbones.Exported;
using MLNetExtensions.Data;
using MLNetExtensions.Imaging;
using MLNetExtensions.Onnx;
using MLNetExtensions.Scoring.ScoreOnnx;
using MLNetExtensions.Scoring.Sessions;

namespace MLNetExtensions.Scoring.Decoding;

/// <summary>Objects of a network's outputs.</summary>
internal abstract class DetectionDecoder(DetectionDecoding settings, IReadOnlyList<string>? names) : OutputDecoder
{
    private ClassLabels? _labels;
    private DetectionRule? _rule;
    private PlannedOutput[] _outputs = [];

    public sealed override int ColumnCount => 3;

    public sealed override IReadOnlyList<string> LabelNames => _labels!.Texts;

    public sealed override bool NeedsImageSize => true;

    public sealed override IReadOnlyList<string> SavedOutputs => [settings.ScoreColumnName, settings.BoundingBoxesColumnName, LabelText];

    private string LabelText => new ScoringNames(settings.ScoreColumnName).LabelText;

    /// <summary>The number of names that were given; null for none.</summary>
    private protected int? NamedClasses => names?.Count;

    public sealed override void Check(ScoringPlan plan, int first, ImagePreprocessing? image)
    {
        if (image is null)
            throw new ArgumentOutOfRangeException(
                nameof(ScoreOnnxOptions.Decoding),
                "Detections need the size of the images: give the model an image column, not numbers."
            );
        DetectionRule rule = Rule(plan, first, image);
        if (names is not null && names.Count != rule.Classes)
            throw new ArgumentOutOfRangeException(
                nameof(DetectionDecoding.Labels),
                $"There are {names.Count} labels for the {rule.Classes} classes of the model."
            );
        _rule = rule with
        {
            ScoreThreshold = settings.ScoreThreshold,
            IouThreshold = settings.IouThreshold,
            MaxDetections = settings.MaxDetections,
            Frame = ImageFrame.Of(image),
        };
        _labels = ClassLabels.Of(names ?? [.. Enumerable.Range(0, rule.Classes).Select(i => i.ToString(CultureInfo.InvariantCulture))]);
        _outputs = [.. plan.Outputs.Skip(first).Take(OutputNames.Count)];
    }

    public sealed override IReadOnlyList<OutputColumn> Columns(DataViewSchema input, ScoringPlan plan, int first)
    {
        var labels = new DataViewSchema.Annotations.Builder();
        _labels!.Annotate(labels, ClassLabels.KeyValues);
        return
        [
            new DetectionColumn<float>(
                this,
                first,
                settings.BoundingBoxesColumnName,
                new VectorDataViewType(NumberDataViewType.Single, size: 0),
                DataViewSchema.Annotations.Empty,
                Detection.ValuesOf
            ),
            new DetectionColumn<float>(
                this,
                first,
                settings.ScoreColumnName,
                new VectorDataViewType(NumberDataViewType.Single, size: 0),
                DataViewSchema.Annotations.Empty,
                found => [.. found.Select(d => d.Score)]
            ),
            new DetectionColumn<uint>(
                this,
                first,
                settings.PredictedLabelColumnName,
                new VectorDataViewType(_labels.Type, size: 0),
                labels.ToAnnotations(),
                found => [.. found.Select(d => (uint)(d.Class + 1))]
            ),
        ];
    }

    public sealed override IReadOnlyList<OnnxValue> Export(GraphEnd end, IReadOnlyList<string> outputs, string? size)
    {
        int[] lengths =
        [
            .. _outputs.Select(o => o.RowLength ?? throw new OnnxFormatException($"its output {o.Spec} has no fixed length.")),
        ];
        (string boxes, string scores, string classes) = new DetectionNodes(end, _rule!).Add(outputs, lengths, size);
        end.AddAs(settings.ScoreColumnName, "Identity", [scores]);
        end.AddAs(settings.BoundingBoxesColumnName, "Identity", [boxes]);
        end.AddTexts(LabelText, classes, _labels!.Texts);
        return
        [
            OnnxValue.Create(settings.ScoreColumnName, OnnxElementType.Float, -1, -1),
            OnnxValue.Create(settings.BoundingBoxesColumnName, OnnxElementType.Float, -1, -1, 4),
            OnnxValue.Create(LabelText, OnnxElementType.String, -1, -1),
        ];
    }

    public sealed override EstimatorChain<ITransformer> Append(
        MLContext context,
        EstimatorChain<ITransformer> chain,
        List<string> temporaries
    )
    {
        temporaries.Add(LabelText);
        return chain.Append<ITransformer>(
            context.Transforms.Conversion.MapValueToKey(
                settings.PredictedLabelColumnName,
                LabelText,
                _labels!.Count,
                keyData: _labels.ToKeyData(context)
            )
        );
    }

    /// <summary>Checks the outputs' shapes, and says how they are laid out.</summary>
    private protected abstract DetectionRule Rule(ScoringPlan plan, int first, ImagePreprocessing image);

    /// <summary>A rule whose other numbers are the settings'.</summary>
    private protected static DetectionRule Rule(DetectionLayout layout, int classes) =>
        new(layout, classes, 0, 0, 0, 0, TopFirst: false, default, Extra: 0);

    private protected static ArgumentOutOfRangeException Misfit(PlannedOutput output, string expected) =>
        new(nameof(ScoreOnnxOptions.Decoding), $"Output {output.Spec} does not hold {expected}. Name the output that does.");

    private void Detect(IScoreSource row, int first, List<Detection> found)
    {
        found.Clear();
        if (row.IsMissing)
            return;
        _rule!.Detect(
            row.Values<float>(first),
            _rule.Outputs > 1 ? row.Values<float>(first + 1) : [],
            _rule.Outputs > 2 ? row.Values<float>(first + 2) : [],
            row.Image,
            found
        );
    }

    private sealed record DetectionColumn<T>(
        DetectionDecoder Decoder,
        int First,
        string Name,
        VectorDataViewType Vector,
        DataViewSchema.Annotations Annotations,
        Func<IReadOnlyList<Detection>, T[]> Values
    ) : OutputColumn(Name, Vector, Annotations)
    {
        public override Delegate Getter(IScoreSource source)
        {
            var found = new List<Detection>();
            return (ValueGetter<VBuffer<T>>)(
                (ref VBuffer<T> value) =>
                {
                    Decoder.Detect(source, First, found);
                    T[] values = Values(found);
                    VBufferEditor<T> editor = VBufferEditor.Create(ref value, values.Length);
                    values.CopyTo(editor.Values);
                    value = editor.Commit();
                }
            );
        }
    }
}
