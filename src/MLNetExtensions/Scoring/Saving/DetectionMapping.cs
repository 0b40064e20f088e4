using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms;
using MLNetExtensions.Data;
using MLNetExtensions.Imaging.Decoding;
using MLNetExtensions.Scoring.Decoding;

namespace MLNetExtensions.Scoring.Saving;

/// <summary>The mapping that a saved model names: a detection network's outputs to objects.</summary>
[CustomMappingFactoryAttribute(ContractName)]
internal sealed class DetectionMapping : CustomMappingFactory<DetectionOutputs, DetectedObjects>
{
    private const string ContractName = "MLNetExtensions.Detection";

    /// <summary>Appends what makes the columns of objects of the network's outputs.</summary>
    /// <param name="context">Makes the transformers.</param>
    /// <param name="chain">Ends with the outputs.</param>
    /// <param name="outputs">Their columns, that of the rule last.</param>
    /// <param name="isMeasured">True if <see cref="MeasureImageMapping"/> was appended.</param>
    /// <param name="columns">The names of the columns.</param>
    /// <param name="labels">The classes.</param>
    /// <param name="temporaries">Receives the columns to drop at the end.</param>
    public static EstimatorChain<ITransformer> Append(
        MLContext context,
        EstimatorChain<ITransformer> chain,
        IReadOnlyList<string> outputs,
        bool isMeasured,
        DetectionDecoding columns,
        ClassLabels labels,
        List<string> temporaries
    )
    {
        SaveWarning.NeedsPackage(context, "It decodes detections.", "MLNetExtensions");
        // A saved custom mapping forgets the names of its columns, so they are fixed; and it has all of them, so what is not there is the
        // rule again.
        var sources = new List<(string Output, string Input)> { (DetectionOutputs.RuleColumnName, outputs[^1]) };
        sources.AddRange(DetectionOutputs.ColumnNames.Select((name, i) => (name, i < outputs.Count - 1 ? outputs[i] : outputs[^1])));
        if (!isMeasured)
            sources.Add((MeasuredImage.ColumnName, outputs[^1]));
        temporaries.AddRange([
            .. sources.Select(s => s.Output),
            DetectedObjects.BoxesColumnName,
            DetectedObjects.ScoresColumnName,
            DetectedObjects.ClassesColumnName,
            DetectedObjects.NamesColumnName,
        ]);
        foreach ((string output, string input) in sources)
            chain = chain.Append<ITransformer>(context.Transforms.CopyColumns(output, input));
        IDataView classes = context.Data.LoadFromEnumerable(
            labels.Texts.Select((text, i) => new NumberedClass { Number = (uint)i, Label = text })
        );
        return chain
            .Append<ITransformer>(context.Transforms.CustomMapping<DetectionOutputs, DetectedObjects>(Map, ContractName))
            .Append<ITransformer>(context.Transforms.CopyColumns(columns.BoundingBoxesColumnName, DetectedObjects.BoxesColumnName))
            .Append<ITransformer>(context.Transforms.CopyColumns(columns.ScoreColumnName, DetectedObjects.ScoresColumnName))
            .Append<ITransformer>(
                context.Transforms.Conversion.MapValue(
                    DetectedObjects.NamesColumnName,
                    classes,
                    classes.Schema[nameof(NumberedClass.Number)],
                    classes.Schema[nameof(NumberedClass.Label)],
                    DetectedObjects.ClassesColumnName
                )
            )
            .Append<ITransformer>(
                context.Transforms.Conversion.MapValueToKey(
                    columns.PredictedLabelColumnName,
                    DetectedObjects.NamesColumnName,
                    labels.Count,
                    keyData: context.Transforms.SelectColumns(nameof(NumberedClass.Label)).Fit(classes).Transform(classes)
                )
            );
    }

    public override Action<DetectionOutputs, DetectedObjects> GetMapping() => Map;

    private static void Map(DetectionOutputs source, DetectedObjects target)
    {
        var found = new List<Detection>();
        ImageSize image =
            source.Size.Length == 2 ? new ImageSize((int)source.Size.GetItemOrDefault(0), (int)source.Size.GetItemOrDefault(1)) : default;
        DetectionRule
            .FromNumbers(Values(source.Rule))
            .Detect(Values(source.First), Values(source.Second), Values(source.Third), image, found);
        target.Boxes = new VBuffer<float>(4 * found.Count, Detection.ValuesOf(found));
        target.Scores = new VBuffer<float>(found.Count, [.. found.Select(d => d.Score)]);
        target.Classes = new VBuffer<uint>(found.Count, [.. found.Select(d => (uint)d.Class)]);
    }

    private static ReadOnlySpan<float> Values(VBuffer<float> values) =>
        values.IsDense ? values.GetValues() : values.DenseValues().ToArray();

    private sealed class NumberedClass
    {
        public uint Number { get; set; }

        public string Label { get; set; } = "";
    }
}
