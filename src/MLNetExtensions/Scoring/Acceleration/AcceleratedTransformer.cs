using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms;
using Microsoft.ML.Transforms.Image;
using Microsoft.ML.Transforms.Onnx;
using MLNetExtensions.Data;
using MLNetExtensions.Imaging;
using MLNetExtensions.Imaging.Decoding;
using MLNetExtensions.Scoring.Batches;
using MLNetExtensions.Scoring.Saving;
using MLNetExtensions.Scoring.Sessions;
using MLNetExtensions.Scoring.Tensors;
using MLNetExtensions.Sessions;

namespace MLNetExtensions.Scoring.Acceleration;

/// <summary>
/// An ONNX transformer of ML.NET, and the image steps before it, whose outputs are computed in batches. All else is left to those
/// transformers: the schema, the columns in between, single rows, and saving.
/// </summary>
internal sealed class AcceleratedTransformer : ITransformer, IDisposable
{
    private readonly TransformerChain<ITransformer> _replaced;
    private readonly TracedInput[] _inputs;
    private readonly ImageDecoder?[] _decoders;
    private readonly string[] _outputs;
    private readonly bool _measures;
    private readonly OnnxSession _session;
    private readonly Lock _planning = new();
    private (DataViewType[] Columns, ScoringPlan Plan)? _planned;

    /// <param name="context">The context.</param>
    /// <param name="onnx">The ONNX transformer.</param>
    /// <param name="replaced">It and those before it that it takes the place of.</param>
    /// <param name="inputNames">The names of the model's inputs.</param>
    /// <param name="inputs">The values that they are computed from.</param>
    /// <param name="settings">The settings of ONNX Runtime.</param>
    public AcceleratedTransformer(
        MLContext context,
        OnnxTransformer onnx,
        ITransformer[] replaced,
        string[] inputNames,
        TracedInput[] inputs,
        OnnxSessionSettings settings
    )
    {
        _replaced = new TransformerChain<ITransformer>(replaced);
        _measures = replaced.Any(t => t is CustomMappingTransformer<LoadedImage, MeasuredImage>);
        _session = OnnxSession.OpenUnchanged(
            context,
            OnnxModelSource.OfBytes(StandardTransformers.ModelOf(context, onnx), "of the ONNX step"),
            settings
        );
        // In the order of the model, which need not be that of the step.
        _inputs = [.. _session.InputSpecs.Select(spec => inputs[Array.IndexOf(inputNames, spec.Name)])];
        _outputs =
        [
            .. StandardTransformers
                .Outputs(onnx)
                .Where(name => _session.OutputSpecs.Any(o => o.Name == name && TensorKind.Of(o.Type) is not null)),
        ];
        _decoders =
        [
            .. _inputs.Select(i => i.Resize is { } resize ? new ImageDecoder(PreprocessingOf(resize), upright: i.IsUpright) : null),
        ];
    }

    bool ITransformer.IsRowToRowMapper => true;

    /// <summary>The model of the ONNX step.</summary>
    public OnnxModelSource Source => _session.Source;

    public DataViewSchema GetOutputSchema(DataViewSchema inputSchema) => _replaced.GetOutputSchema(inputSchema);

    public IDataView Transform(IDataView input)
    {
        IDataView others = _replaced.Transform(input);
        InputSource[] sources = [.. _inputs.Select((traced, i) => SourceOf(traced, i, input.Schema))];
        ScoringPlan plan = Plan(input.Schema, sources);
        OutputColumn[] scored =
        [
            .. _outputs.Select(
                (name, i) => plan.Outputs[i].Spec.Kind.NewColumn(name, i, others.Schema[name].Type, others.Schema[name].Annotations)
            ),
        ];
        // Images decoded here have been measured too; the separate measuring step would decode them again.
        if (_measures && sources.OfType<ImageSource>().Count() == 1)
            scored = [.. scored, new ImageSizeColumn(others.Schema[MeasuredImage.ColumnName])];
        return new ScoredView(input, others, ScoredSchema.Replacing(others.Schema, scored), new ScoringEngine(_session, plan, sources));
    }

    /// <summary>Single rows have nothing to batch; the step's own session is there anyway.</summary>
    public IRowToRowMapper GetRowToRowMapper(DataViewSchema inputSchema) => ((ITransformer)_replaced).GetRowToRowMapper(inputSchema);

    void ICanSaveModel.Save(ModelSaveContext ctx) => ((ICanSaveModel)_replaced).Save(ctx);

    public void Dispose()
    {
        Close();
        _replaced.Dispose();
    }

    /// <summary>Frees what is this transformer's own, not what it takes the place of.</summary>
    public void Close()
    {
        _session.Dispose();
        foreach (ImageDecoder? decoder in _decoders)
            decoder?.Dispose();
    }

    private ScoringPlan Plan(DataViewSchema schema, InputSource[] sources)
    {
        DataViewType[] columns = [.. sources.Select(s => schema[s.ColumnName].Type)];
        lock (_planning)
        {
            if (_planned is { } planned && planned.Columns.SequenceEqual(columns))
                return planned.Plan;
            TensorSpec[] outputs = [.. _outputs.Select(name => _session.OutputSpecs.First(o => o.Name == name))];
            ScoringPlan plan = new ScoringPlanner(_session, [.. sources.Select(s => s.ShapeIn(schema))]).Plan(outputs, batchSize: null);
            _planned = (columns, plan);
            return plan;
        }
    }

    private InputSource SourceOf(TracedInput traced, int input, DataViewSchema schema)
    {
        if (traced.IsSize)
            return new ImageSizeSource(
                traced.Column,
                Array.FindIndex(_inputs, image => image.Resize is not null && image.Column == traced.Column)
            );
        if (traced.Resize is not { } resize || traced.Extract is not { } extract)
            return new TensorSource(traced.Column, _session.InputSpecs[input].Type, null);
        var writer = PixelWriter.Extract(
            resize.Width,
            resize.Height,
            PlanesOf(extract.Order),
            extract.Offset,
            extract.Scale,
            extract.IsInterleaved
        );
        var image = new ImageColumn(traced.Column, schema[traced.Column].Type, traced.Folder);
        return new ImageSource(image, _decoders[input]!, writer, PreprocessingOf(resize), IsFlat: true);
    }

    private static ImagePreprocessing PreprocessingOf(ResizeStep resize) =>
        new()
        {
            Width = resize.Width,
            Height = resize.Height,
            CropFraction = 1,
            ResizeMode = resize.Kind switch
            {
                ImageResizingEstimator.ResizingKind.IsoPad => ImageResizeMode.Pad,
                ImageResizingEstimator.ResizingKind.Fill => ImageResizeMode.Stretch,
                _ => ImageResizeMode.CropCenter,
            },
        };

    /// <summary>The planes of red, green and blue, in the order that ExtractPixels gives them.</summary>
    private static int[] PlanesOf(ImagePixelExtractingEstimator.ColorsOrder order) =>
        [
            .. $"{order}"
                .Select(color =>
                    color switch
                    {
                        'R' => 0,
                        'G' => 1,
                        'B' => 2,
                        _ => -1,
                    }
                )
                .Where(plane => plane >= 0),
        ];
}
