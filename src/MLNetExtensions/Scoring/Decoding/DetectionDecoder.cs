using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExtensions.Data;
using MLNetExtensions.Onnx;
using MLNetExtensions.Scoring.Sessions;

namespace MLNetExtensions.Scoring;

/// <summary>Objects of a network's outputs.</summary>
internal abstract class DetectionDecoder(DetectionDecoding settings, IReadOnlyList<string>? names) : OutputDecoder
{
    private ClassLabels? _labels;
    private ImagePreprocessing? _preprocessing;

    public sealed override int ColumnCount => 3;

    public sealed override IReadOnlyList<string> LabelNames => _labels!.Texts;

    public sealed override IReadOnlyList<string> SavedOutputs => throw CannotSave();

    /// <summary>The number of names that were given; null for none.</summary>
    private protected int? NamedClasses => names?.Count;

    /// <summary>The width and height that boxes are in, where they are in pixels.</summary>
    private protected (float Width, float Height) InputSize => _preprocessing is null ? (1, 1) : (_preprocessing.Width, _preprocessing.Height);

    public sealed override void Check(ScoringPlan plan, int first, ImagePreprocessing? picture)
    {
        _preprocessing = picture ?? throw new ArgumentOutOfRangeException(nameof(ScoreOnnxOptions.Decoding), "Detections need the size of the pictures: give the model a picture column, not numbers.");
        int classes = CountClasses(plan, first);
        if (names is not null && names.Count != classes && classes > 0)
            throw new ArgumentOutOfRangeException(nameof(DetectionDecoding.Labels), $"There are {names.Count} labels for the {classes} classes of the model.");
        _labels = ClassLabels.Of(names ?? [.. Enumerable.Range(0, Math.Max(classes, 1)).Select(i => i.ToString(CultureInfo.InvariantCulture))]);
    }

    public sealed override IReadOnlyList<OutputColumn> Columns(DataViewSchema input, ScoringPlan plan, int first)
    {
        var labels = new DataViewSchema.Annotations.Builder();
        _labels!.Annotate(labels, ClassLabels.KeyValues);
        return
        [
            new DetectionColumn<float>(this, first, settings.BoundingBoxesColumnName, new VectorDataViewType(NumberDataViewType.Single, size: 0), DataViewSchema.Annotations.Empty, 4,
                (d, i) => i switch { 0 => d.Left, 1 => d.Top, 2 => d.Right, _ => d.Bottom }),
            new DetectionColumn<float>(this, first, settings.ScoreColumnName, new VectorDataViewType(NumberDataViewType.Single, size: 0), DataViewSchema.Annotations.Empty, 1, (d, _) => d.Score),
            new DetectionColumn<uint>(this, first, settings.PredictedLabelColumnName, new VectorDataViewType(_labels.Type, size: 0), labels.ToAnnotations(), 1, (d, _) => (uint)(d.Class + 1)),
        ];
    }

    public sealed override IReadOnlyList<OnnxValue> Export(GraphEnd end, IReadOnlyList<string> outputs) => throw CannotSave();

    public sealed override EstimatorChain<ITransformer> Append(MLContext context, EstimatorChain<ITransformer> chain, string? picture, List<string> temporaries) => throw CannotSave();

    /// <summary>Checks the outputs' shapes.</summary>
    /// <returns>The number of classes; 0 where the outputs do not tell.</returns>
    private protected abstract int CountClasses(ScoringPlan plan, int first);

    /// <summary>Adds the objects that reach the threshold, in pixels of the network's input.</summary>
    private protected abstract void Find(IScoreSource row, int first, List<Detection> found);

    private protected static ArgumentOutOfRangeException Misfit(PlannedOutput output, string expected) =>
        new(nameof(ScoreOnnxOptions.Decoding), $"Output {output.Spec} does not hold {expected}. Name the output that does.");

    private static NotSupportedException CannotSave() => new(
        "A step that decodes detections cannot be saved or exported: ML.NET has no transformer that does the same. Keep the ONNX file and make the ScoreOnnx step anew, or save its raw outputs.");

    private void Detect(IScoreSource row, int first, List<Detection> found)
    {
        found.Clear();
        if (row.IsMissing)
            return;
        Find(row, first, found);
        Detection.Suppress(found, settings.OverlapThreshold, settings.MaxDetections);
        for (int i = 0; i < found.Count; i++)
            found[i] = found[i].InPicture(_preprocessing!, row.Picture);
    }

    private sealed record DetectionColumn<T>(
        DetectionDecoder Decoder, int First, string Name, VectorDataViewType Vector, DataViewSchema.Annotations Annotations, int Values, Func<Detection, int, T> Value)
        : OutputColumn(Name, Vector, Annotations)
    {
        public override Delegate Getter(IScoreSource source)
        {
            var found = new List<Detection>();
            return (ValueGetter<VBuffer<T>>)((ref VBuffer<T> value) =>
            {
                Decoder.Detect(source, First, found);
                VBufferEditor<T> editor = VBufferEditor.Create(ref value, found.Count * Values);
                for (int i = 0; i < editor.Values.Length; i++)
                    editor.Values[i] = Value(found[i / Values], i % Values);
                value = editor.Commit();
            });
        }
    }
}

/// <summary>Objects of a YOLO network's output.</summary>
internal sealed class YoloDecoder(YoloDecoding settings, string output, IReadOnlyList<string>? names) : DetectionDecoder(settings, names)
{
    private int _boxes, _values;
    private bool _boxesFirst;

    public override IReadOnlyList<string> OutputNames { get; } = [output];

    private protected override int CountClasses(ScoringPlan plan, int first)
    {
        PlannedOutput planned = plan.Outputs[first];
        if (planned.Spec.Kind.ItemType != NumberDataViewType.Single || planned.ColumnShape is not [int a, int b])
            throw Misfit(planned, "YOLO's boxes, Float [batch, boxes, 5 + classes] or [batch, 4 + classes, boxes]");
        _boxesFirst = settings.Layout == YoloLayout.BoxesFirst || (settings.Layout == YoloLayout.Auto && a > b);
        (_boxes, _values) = _boxesFirst ? (a, b) : (b, a);
        int classes = _values - (_boxesFirst ? 5 : 4);
        return classes > 0 ? classes : throw Misfit(planned, "a score for a class beside each box");
    }

    private protected override void Find(IScoreSource row, int first, List<Detection> found)
    {
        ReadOnlySpan<float> values = row.Values<float>(first);
        (int perBox, int perValue) = _boxesFirst ? (_values, 1) : (1, _boxes);
        int firstClass = _boxesFirst ? 5 : 4;
        for (int box = 0; box < _boxes; box++)
        {
            int at = box * perBox;
            float objectness = _boxesFirst ? values[at + 4] : 1;
            if (!(objectness >= settings.ScoreThreshold))
                continue;
            int best = firstClass;
            for (int i = firstClass + 1; i < _values; i++)
                if (values[at + (i * perValue)] > values[at + (best * perValue)])
                    best = i;
            float score = objectness * values[at + (best * perValue)];
            if (!(score >= settings.ScoreThreshold))
                continue;
            float x = values[at], y = values[at + perValue], halfWidth = values[at + (2 * perValue)] / 2, halfHeight = values[at + (3 * perValue)] / 2;
            found.Add(new Detection(best - firstClass, score, x - halfWidth, y - halfHeight, x + halfWidth, y + halfHeight));
        }
    }
}

/// <summary>Objects of an SSD network's outputs.</summary>
internal sealed class SsdDecoder(SsdDecoding settings, IReadOnlyList<string>? names) : DetectionDecoder(settings, names)
{
    private int _classes;

    public override IReadOnlyList<string> OutputNames { get; } =
        settings.ClassesOutput is null ? [settings.BoxesOutput, settings.ScoresOutput] : [settings.BoxesOutput, settings.ScoresOutput, settings.ClassesOutput];

    private protected override int CountClasses(ScoringPlan plan, int first)
    {
        for (int i = 0; i < OutputNames.Count; i++)
            if (plan.Outputs[first + i].Spec.Kind.ItemType != NumberDataViewType.Single)
                throw Misfit(plan.Outputs[first + i], "numbers of type Float");
        if (plan.Outputs[first].ColumnShape is not [.., 4])
            throw Misfit(plan.Outputs[first], "boxes, Float [batch, boxes, 4]");
        if (settings.ClassesOutput is not null)
            return NamedClasses ?? MaxClasses;
        if (plan.Outputs[first + 1].ColumnShape is not [_, > 1 and int classes])
            throw Misfit(plan.Outputs[first + 1], "scores, Float [batch, boxes, classes]");
        _classes = classes;
        return classes - 1;
    }

    // Where nobody says how many classes there are: as many as COCO's numbers go to.
    private const int MaxClasses = 100;

    private protected override void Find(IScoreSource row, int first, List<Detection> found)
    {
        ReadOnlySpan<float> boxes = row.Values<float>(first), scores = row.Values<float>(first + 1);
        for (int box = 0; box < boxes.Length / 4; box++)
        {
            if (settings.ClassesOutput is not null)
            {
                int chosen = (int)row.Values<float>(first + 2)[box] - settings.FirstClass;
                if (scores[box] >= settings.ScoreThreshold && chosen >= 0 && chosen < LabelNames.Count)
                    found.Add(Box(boxes, box, chosen, scores[box]));
                continue;
            }
            // A box may be of several classes; the first is the background.
            for (int c = 1; c < _classes; c++)
                if (scores[(box * _classes) + c] >= settings.ScoreThreshold)
                    found.Add(Box(boxes, box, c - 1, scores[(box * _classes) + c]));
        }
    }

    private Detection Box(ReadOnlySpan<float> boxes, int box, int ofClass, float score)
    {
        (float width, float height) = InputSize;
        ReadOnlySpan<float> edges = boxes.Slice(4 * box, 4);
        return settings.TopFirst
            ? new Detection(ofClass, score, edges[1] * width, edges[0] * height, edges[3] * width, edges[2] * height)
            : new Detection(ofClass, score, edges[0] * width, edges[1] * height, edges[2] * width, edges[3] * height);
    }
}
