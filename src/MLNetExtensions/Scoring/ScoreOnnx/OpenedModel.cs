using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;
using MLNetExtensions.Backbones;
using MLNetExtensions.Backbones.Exported;
using MLNetExtensions.Data.Schema;
using MLNetExtensions.Imaging;
using MLNetExtensions.Imaging.Decoding;
using MLNetExtensions.Onnx;
using MLNetExtensions.Scoring.Batches;
using MLNetExtensions.Scoring.Decoding;
using MLNetExtensions.Scoring.Sessions;
using MLNetExtensions.Sessions;

namespace MLNetExtensions.Scoring.ScoreOnnx;

/// <summary>A model that is open and what is wanted of it.</summary>
internal sealed class OpenedModel : IDisposable
{
    private readonly MLContext _context;
    private readonly OutputDecoder? _decoder;
    private readonly List<(string Name, string Column)> _outputs;

    private OpenedModel(MLContext context, OnnxSession session, ScoreOnnxOptions options)
    {
        (_context, Session, Options) = (context, session, options);
        _decoder = options.Decoding?.Open(session);
        _outputs =
        [
            .. (
                options.Outputs.Count > 0 || _decoder is not null
                    ? options.Outputs
                    : session.OutputSpecs.Select(o => new OnnxOutput { Name = o.Name })
            ).Select(o => (o.Name ?? session.OutputSpecs[0].Name, o.ColumnName ?? o.Name ?? session.OutputSpecs[0].Name)),
        ];
    }

    public OnnxSession Session { get; }

    public ScoreOnnxOptions Options { get; }

    /// <summary>The name of the input of images' widths and heights; null for a model without one.</summary>
    private string? SizeInput => Session.Metadata.GetValueOrDefault(ScoringMetadata.SizeInputKey);

    /// <summary>The number of columns that scoring adds.</summary>
    public int ColumnCount => _outputs.Count + (_decoder?.ColumnCount ?? 0);

    /// <exception cref="OnnxFormatException">The model cannot be read or run.</exception>
    /// <exception cref="ArgumentOutOfRangeException">It has no such input or output.</exception>
    public static OpenedModel Open(MLContext context, ScoreOnnxOptions options)
    {
        OnnxSession session = options.Session ?? OnnxSession.Open(context, SourceOf(options), options.SessionSettings);
        try
        {
            string[] inner =
            [
                .. options
                    .Outputs.Select(o => o.Name)
                    .Concat(options.Decoding?.OutputNames ?? [])
                    .OfType<string>()
                    .Where(name => session.OutputSpecs.All(o => o.Name != name))
                    .Distinct(),
            ];
            if (inner.Length > 0)
            {
                OnnxModelSource withInner = InnerValues.AsOutputs(session, inner);
                if (session != options.Session)
                    session.Dispose();
                session = OnnxSession.Open(context, withInner, options.SessionSettings);
            }
            return new OpenedModel(context, session, options);
        }
        catch
        {
            if (session != options.Session)
                session.Dispose();
            throw;
        }
    }

    /// <summary>Binds the model to the columns of a schema.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing, or does not fit the model.</exception>
    public OnnxBinding Bind(DataViewSchema schema)
    {
        var sources = new List<InputSource>();
        try
        {
            foreach (TensorSpec spec in Session.InputSpecs)
                sources.Add(
                    SizeOf(spec, sources)
                        ?? SourceFor(spec, name => schema.GetColumnOrNull(name)?.Type, schema.Where(c => !c.IsHidden).Select(c => c.Name))
                );
            TensorSpec[] outputs = [.. _outputs.Select(o => o.Name).Concat(_decoder?.OutputNames ?? []).Select(SpecOf)];
            ScoringPlan plan = new ScoringPlanner(Session, [.. sources.Select(s => s.ShapeIn(schema))]).Plan(outputs, Options.BatchSize);
            var binding = new OnnxBinding(sources, plan, [.. _outputs.Select(o => o.Column)], _decoder);
            _decoder?.Check(plan, binding.Outputs.Count, sources.OfType<ImageSource>().FirstOrDefault()?.Preprocessing);
            return binding;
        }
        catch
        {
            foreach (InputSource source in sources)
                (source as ImageSource)?.Decoder.Dispose();
            throw;
        }
    }

    /// <summary>A schema with the input columns as the model would have them, for a shape that does not tell sizes.</summary>
    public DataViewSchema LikelySchema(SchemaShape shape)
    {
        var builder = new DataViewSchema.Builder();
        foreach (TensorSpec spec in Session.InputSpecs.Where(s => s.Name != SizeInput || Options.Inputs.Any(i => i.Name == SizeInput)))
        {
            InputSource source = SourceFor(
                spec,
                name => SchemaShapes.Find(shape, name) is { } column ? LikelyType(column, spec) : null,
                shape.Select(c => c.Name)
            );
            DataViewType type = LikelyType(SchemaShapes.Find(shape, source.ColumnName)!.Value, spec);
            if (source is ImageSource { Decoder: var decoder })
            {
                if (type is VectorDataViewType { IsKnownSize: true })
                    type = new VectorDataViewType(NumberDataViewType.Single, decoder.Channels, decoder.CanvasHeight, decoder.CanvasWidth);
                decoder.Dispose();
            }
            builder.AddColumn(source.ColumnName, type);
        }
        return builder.ToSchema();
    }

    /// <summary>Closes the session, where it is not the caller's.</summary>
    public void Dispose()
    {
        if (Session != Options.Session)
            Session.Dispose();
    }

    private static OnnxModelSource SourceOf(ScoreOnnxOptions options) =>
        options.ModelFile is { } file ? OnnxModelSource.FromFile(file)
        : options.ModelBytes is { } bytes ? OnnxModelSource.OfBytes(bytes, "ModelBytes")
        : OnnxModelSource.OfGraph(options.Model!);

    /// <summary>The source of the input that an exported model has for the size of images that become another input.</summary>
    private ImageSizeSource? SizeOf(TensorSpec spec, List<InputSource> before)
    {
        if (SizeInput != spec.Name || Options.Inputs.Any(i => i.Name == spec.Name))
            return null;
        int image = before.FindIndex(source => source is ImageSource { Image.IsPixels: false });
        return image >= 0
            ? new ImageSizeSource(before[image].ColumnName, image)
            : throw new ArgumentOutOfRangeException(
                "schema",
                $"The input {spec} of the model {Session.Source.Name} takes the size of images before they are resized. Give the model an "
                    + $"image column, not pixels, or set OnnxInput.Name to '{spec.Name}' and ColumnName to a column of widths and heights."
            );
    }

    private InputSource SourceFor(TensorSpec spec, Func<string, DataViewType?> typeOf, IEnumerable<string> columns)
    {
        OnnxInput input = InputFor(spec);
        string column = input.ColumnName ?? spec.Name;
        if (typeOf(column) is not { } type)
            throw MissingColumn.Among(
                columns,
                "input",
                column,
                $"It is for the input {spec} of the model {Session.Source.Name}; set OnnxInput.ColumnName to the column that holds it."
            );
        if (!IsImage(spec, type, input))
        {
            _ = spec.Kind;
            return new TensorSource(column, spec.Type, input.Shape);
        }
        if (spec.Type is not (OnnxElementType.Float or OnnxElementType.Float16 or OnnxElementType.UInt8))
            throw new ArgumentOutOfRangeException(
                "schema",
                $"Schema mismatch for input column '{column}': it holds images ({type}), but the input {spec} of the model "
                    + $"{Session.Source.Name} takes no image."
            );
        ImagePreprocessing preprocessing = input.Preprocessing ?? FindPreprocessing(spec, column);
        if (PreprocessingCheck.Problem(preprocessing) is string problem)
            throw new ArgumentOutOfRangeException(nameof(OnnxInput.Preprocessing), $"Input {spec}: {problem}");
        return new ImageSource(
            new ImageColumn(column, type, input.ImageFolder, input.UprightWhenSaved),
            new ImageDecoder(preprocessing),
            PixelWriter.Input(preprocessing, spec.Sizes),
            preprocessing
        );
    }

    private OnnxInput InputFor(TensorSpec spec)
    {
        OnnxInput? named =
            Options.Inputs.FirstOrDefault(i => i.Name == spec.Name)
            ?? Options.Inputs.FirstOrDefault(i => i.Name is null && i.ColumnName == spec.Name);
        if (named is not null)
            return named;
        if (Options.Inputs.FirstOrDefault(i => i.Name is not null && Session.InputSpecs.All(s => s.Name != i.Name)) is { } wrong)
            throw new ArgumentOutOfRangeException(
                nameof(ScoreOnnxOptions.Inputs),
                $"The model {Session.Source.Name} has no input '{wrong.Name}'; it has {string.Join("; ", Session.InputSpecs)}."
            );
        OnnxInput[] unnamed = [.. Options.Inputs.Where(i => i.Name is null)];
        if (unnamed is [var only] && Session.InputSpecs.Count(s => s.Name != SizeInput) == 1)
            return only;
        return unnamed.Length == 0
            ? new OnnxInput { Name = spec.Name }
            : throw new ArgumentOutOfRangeException(
                nameof(ScoreOnnxOptions.Inputs),
                $"The model {Session.Source.Name} has several inputs: {string.Join("; ", Session.InputSpecs)}. Set OnnxInput.Name."
            );
    }

    private static bool IsImage(TensorSpec spec, DataViewType column, OnnxInput input) =>
        column switch
        {
            ImageDataViewType => true,
            TextDataViewType => spec.Type != OnnxElementType.String,
            VectorDataViewType { IsKnownSize: false, ItemType: var item } when item == NumberDataViewType.Byte => spec.Type
                != OnnxElementType.UInt8
                || input.Preprocessing is not null,
            VectorDataViewType { IsKnownSize: true, ItemType: var item } when item == NumberDataViewType.Single => input.Preprocessing
                is not null,
            _ => false,
        };

    private ImagePreprocessing FindPreprocessing(TensorSpec spec, string column)
    {
        if (PreprocessingJson.Find(Session.Metadata, Session.Source.Name) is { } stated)
            return stated;
        if (Session.Source.Origin is { } path && BackboneCatalog.FindFile(path) is { } entry)
            return entry.Preprocessing;
        throw new ArgumentOutOfRangeException(
            "schema",
            $"Column '{column}' holds images, but how they become the input {spec} of the model {Session.Source.Name} is not known: "
                + "neither its metadata nor the catalog say it. Set OnnxInput.Preprocessing (size, crop, channel order, scale, mean, "
                + "standard deviation) as the model was trained."
        );
    }

    private TensorSpec SpecOf(string output) =>
        Session.OutputSpecs.FirstOrDefault(o => o.Name == output)
        ?? throw new ArgumentOutOfRangeException(
            nameof(ScoreOnnxOptions.Outputs),
            $"The model {Session.Source.Name} has no output '{output}'; it has {string.Join("; ", Session.OutputSpecs)}."
        );

    private static DataViewType LikelyType(SchemaShape.Column column, TensorSpec spec) =>
        column.Kind switch
        {
            SchemaShape.Column.VectorKind.Scalar => column.ItemType,
            SchemaShape.Column.VectorKind.VariableVector => new VectorDataViewType((PrimitiveDataViewType)column.ItemType, size: 0),
            _ => new VectorDataViewType(
                (PrimitiveDataViewType)column.ItemType,
                dimensions: (int[])
                    [
                        .. spec
                            .Sizes.Skip(spec.Sizes is [-1 or 1, _, ..] ? 1 : 0)
                            .Select(size => (int)Math.Clamp(size, 1, int.MaxValue))
                            .DefaultIfEmpty(1),
                    ]
            ),
        };
}
