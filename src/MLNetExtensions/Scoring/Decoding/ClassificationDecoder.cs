using System.Globalization;
using System.Numerics.Tensors;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExtensions.Backbones.Exported;
using MLNetExtensions.Data;
using MLNetExtensions.Imaging;
using MLNetExtensions.Onnx;
using MLNetExtensions.Scoring.Sessions;
using MLNetExtensions.Scoring.Tasks;

namespace MLNetExtensions.Scoring.Decoding;

/// <summary>Scores, best class and best classes of an output.</summary>
internal sealed class ClassificationDecoder(ClassificationDecoding settings, string output, IReadOnlyList<string>? names) : OutputDecoder
{
    private ClassLabels? _labels;

    public override IReadOnlyList<string> OutputNames { get; } = [output];

    public override int ColumnCount => settings.TopK > 0 ? 4 : 2;

    public override IReadOnlyList<string> LabelNames => Labels.Texts;

    // The number of classes is known when the output is planned.
    private ClassLabels Labels => _labels!;

    private int TopK => Math.Min(settings.TopK, Labels.Count);

    public override void Check(ScoringPlan plan, int first, ImagePreprocessing? image)
    {
        PlannedOutput planned = plan.Outputs[first];
        if (
            planned.Spec.Kind.ItemType != NumberDataViewType.Single
            || planned.RowLength is not int count
            || count != planned.Sizes!.Max()
            || count < 2
        )
            throw new ArgumentOutOfRangeException(
                nameof(ClassificationDecoding.Output),
                $"Output {planned.Spec} does not hold a score for each class (Float [batch, classes], two classes at least). "
                    + "Name the output that does."
            );
        if (names is not null && names.Count != count)
            throw new ArgumentOutOfRangeException(
                nameof(ClassificationDecoding.Labels),
                $"There are {names.Count} labels for the {count} classes of output {planned.Spec}."
            );
        _labels = ClassLabels.Of(names ?? [.. Enumerable.Range(0, count).Select(i => i.ToString(CultureInfo.InvariantCulture))]);
    }

    public override IReadOnlyList<OutputColumn> Columns(DataViewSchema input, ScoringPlan plan, int first)
    {
        List<OutputColumn> columns = [];
        foreach (
            OutputColumn column in ClassificationColumns.Create(input, settings.ScoreColumnName, settings.PredictedLabelColumnName, Labels)
        )
            columns.Add(
                column is PredictedLabelColumn ? new BestClassColumn(this, first, column) : new ClassScoresColumn(this, first, column)
            );
        if (settings.TopK > 0)
        {
            columns.Add(new TopLabelsColumn(this, first, settings.TopLabelsColumnName));
            columns.Add(new TopScoresColumn(this, first, settings.TopScoresColumnName));
        }
        return columns;
    }

    public override IReadOnlyList<OnnxValue> Export(GraphEnd end, IReadOnlyList<string> outputs, string? size)
    {
        var export = new ScoringNames(settings.ScoreColumnName);
        string scores = end.Add("Reshape", [outputs[0], end.Constant(OnnxTensor.FromInt64s("classes", [2], [-1, Labels.Count]))]);
        end.AddAs(
            export.Output,
            settings.ApplySoftmax ? "Softmax" : "Identity",
            [scores],
            settings.ApplySoftmax ? [OnnxAttribute.Of("axis", 1L)] : []
        );
        string best = end.Add("ArgMax", [export.Output], OnnxAttribute.Of("axis", 1L), OnnxAttribute.Of("keepdims", 1L));
        Texts(export.LabelText, best, end.Add("GatherElements", [export.Output, best], OnnxAttribute.Of("axis", 1L)));
        end.AddSlotNames(export.Output, Labels.Texts);
        List<OnnxValue> columns =
        [
            OnnxValue.Create(export.Output, OnnxElementType.Float, -1, Labels.Count),
            OnnxValue.Create(export.LabelText, OnnxElementType.String, -1, 1),
        ];
        if (settings.TopK == 0)
            return columns;
        string values = end.Unique("top.values"),
            indices = end.Unique("top.indices");
        end.Add(
            OnnxNode.Create(
                "TopK",
                [export.Output, end.Constant(OnnxTensor.FromInt64s("k", [1], [TopK]))],
                [values, indices],
                OnnxAttribute.Of("axis", 1L)
            )
        );
        Texts(settings.TopLabelsColumnName, indices, values);
        end.AddAs(
            settings.TopScoresColumnName,
            "Where",
            [Passes(values), values, end.Constant(OnnxTensor.FromFloats("nan", [1], [float.NaN]))]
        );
        return
        [
            .. columns,
            OnnxValue.Create(settings.TopLabelsColumnName, OnnxElementType.String, -1, TopK),
            OnnxValue.Create(settings.TopScoresColumnName, OnnxElementType.Float, -1, TopK),
        ];

        // A number that no class has becomes the empty text.
        void Texts(string name, string index, string score) =>
            end.AddTexts(
                name,
                end.Add("Where", [Passes(score), index, end.Constant(OnnxTensor.FromInt64s("none", [1], [-1]))]),
                Labels.Texts
            );

        // A score that is no number does not pass.
        string Passes(string score)
        {
            string threshold = end.Constant(OnnxTensor.FromFloats("threshold", [1], [settings.Threshold ?? float.NegativeInfinity]));
            return end.Add("Or", [end.Add("Greater", [score, threshold]), end.Add("Equal", [score, threshold])]);
        }
    }

    public override IReadOnlyList<string> SavedOutputs =>
        [
            settings.ScoreColumnName,
            new ScoringNames(settings.ScoreColumnName).LabelText,
            .. settings.TopK > 0 ? [settings.TopLabelsColumnName, settings.TopScoresColumnName] : Array.Empty<string>(),
        ];

    public override EstimatorChain<ITransformer> Append(MLContext context, EstimatorChain<ITransformer> chain, List<string> temporaries) =>
        ClassificationScoring.AppendLabel(
            context,
            chain,
            new ScoringNames(settings.ScoreColumnName),
            Labels,
            settings.PredictedLabelColumnName,
            temporaries
        );

    /// <summary>Computes the row's scores.</summary>
    private void Scores(ReadOnlySpan<float> values, Span<float> scores)
    {
        if (!settings.ApplySoftmax)
        {
            values.CopyTo(scores);
            return;
        }
        TensorPrimitives.Subtract(values, TensorPrimitives.Max(values), scores);
        TensorPrimitives.Exp(scores, scores);
        TensorPrimitives.Divide(scores, TensorPrimitives.Sum<float>(scores), scores);
    }

    /// <summary>
    /// The classes with the best scores, best first, of equal ones the first; -1 if a score does not reach the threshold.
    /// </summary>
    private void Best(ReadOnlySpan<float> scores, Span<int> classes)
    {
        int count = 0;
        for (int c = 0; c < scores.Length; c++)
        {
            // Not a number is below every threshold.
            if (
                !(scores[c] >= (settings.Threshold ?? float.NegativeInfinity))
                || (count == classes.Length && scores[c] <= scores[classes[^1]])
            )
                continue;
            int place = count < classes.Length ? count++ : count - 1;
            for (; place > 0 && scores[c] > scores[classes[place - 1]]; place--)
                classes[place] = classes[place - 1];
            classes[place] = c;
        }
        classes[count..].Fill(-1);
    }

    private sealed record ClassScoresColumn(ClassificationDecoder Decoder, int Output, OutputColumn As)
        : OutputColumn(As.Name, As.Type, As.Annotations)
    {
        public override Delegate Getter(IScoreSource source) =>
            (ValueGetter<VBuffer<float>>)(
                (ref VBuffer<float> value) =>
                {
                    ReadOnlySpan<float> values = source.Values<float>(Output);
                    VBufferEditor<float> editor = VBufferEditor.Create(ref value, values.Length);
                    Decoder.Scores(values, editor.Values);
                    value = editor.Commit();
                }
            );
    }

    private sealed record BestClassColumn(ClassificationDecoder Decoder, int Output, OutputColumn As)
        : OutputColumn(As.Name, As.Type, As.Annotations)
    {
        public override Delegate Getter(IScoreSource source)
        {
            var scores = new float[Decoder.Labels.Count];
            var best = new int[1];
            return (ValueGetter<uint>)(
                (ref uint value) =>
                {
                    Decoder.Scores(source.Values<float>(Output), scores);
                    Decoder.Best(scores, best);
                    value = (uint)(best[0] + 1);
                }
            );
        }
    }

    private sealed record TopLabelsColumn(ClassificationDecoder Decoder, int Output, string Name)
        : OutputColumn(Name, new VectorDataViewType(TextDataViewType.Instance, Decoder.TopK), DataViewSchema.Annotations.Empty)
    {
        public override Delegate Getter(IScoreSource source)
        {
            var scores = new float[Decoder.Labels.Count];
            var best = new int[Decoder.TopK];
            return (ValueGetter<VBuffer<ReadOnlyMemory<char>>>)(
                (ref VBuffer<ReadOnlyMemory<char>> value) =>
                {
                    Decoder.Scores(source.Values<float>(Output), scores);
                    Decoder.Best(scores, best);
                    VBufferEditor<ReadOnlyMemory<char>> editor = VBufferEditor.Create(ref value, best.Length);
                    for (int i = 0; i < best.Length; i++)
                        editor.Values[i] = best[i] < 0 ? default : Decoder.Labels.Texts[best[i]].AsMemory();
                    value = editor.Commit();
                }
            );
        }
    }

    private sealed record TopScoresColumn(ClassificationDecoder Decoder, int Output, string Name)
        : OutputColumn(Name, new VectorDataViewType(NumberDataViewType.Single, Decoder.TopK), DataViewSchema.Annotations.Empty)
    {
        public override Delegate Getter(IScoreSource source)
        {
            var scores = new float[Decoder.Labels.Count];
            var best = new int[Decoder.TopK];
            return (ValueGetter<VBuffer<float>>)(
                (ref VBuffer<float> value) =>
                {
                    Decoder.Scores(source.Values<float>(Output), scores);
                    Decoder.Best(scores, best);
                    VBufferEditor<float> editor = VBufferEditor.Create(ref value, best.Length);
                    for (int i = 0; i < best.Length; i++)
                        editor.Values[i] = best[i] < 0 ? float.NaN : scores[best[i]];
                    value = editor.Commit();
                }
            );
        }
    }
}
