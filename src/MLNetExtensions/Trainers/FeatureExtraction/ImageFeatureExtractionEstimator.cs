using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using MLNetExtensions.Backbones;
using MLNetExtensions.Backbones.Comparing;
using MLNetExtensions.Backbones.Exported;
using MLNetExtensions.Data.Schema;
using MLNetExtensions.Imaging;
using MLNetExtensions.Onnx;
using MLNetExtensions.Scoring;
using MLNetExtensions.Sessions;

namespace MLNetExtensions.Trainers.FeatureExtraction;

/// <summary>Turns images into the features of a pretrained ONNX network, for any ML.NET trainer.</summary>
/// <remarks>
/// <format type="text/markdown"><![CDATA[
/// ### Input and Output Columns
///
/// | Column | Type | Description |
/// | -- | -- | -- |
/// | Input column | MLImage | An image. |
/// | | text | The path of an image file. |
/// | | vector of Byte | The bytes of an image file. |
/// | | vector of Single | Pixels, as ExtractPixels makes them of a canvas of the backbone's size. |
/// | Output column | Known-sized vector of Single | The features: the input of the backbone's classifier, one vector per image. |
///
/// ### Estimator Characteristics
///
/// | | |
/// | -- | -- |
/// | Does this estimator need to look at the data to train its parameters? | No |
/// | Required NuGet in addition to Microsoft.ML | MLNetExtensions, and Microsoft.ML.OnnxRuntime for its native library |
/// | Exportable to ONNX | Yes, `Model` is the ONNX model; not by ConvertToOnnx |
///
/// ### Details
///
/// The network is cut where its classifier begins, or at the node that `Backbone.FeatureNode` names. Images are decoded (EXIF orientation
/// applied), resized and normalized by the backbone's preprocessing, and run through ONNX Runtime in batches when a cursor asks for the
/// features. A pass over the data computes them again: append `AppendCacheCheckpoint` after this estimator if a trainer makes several
/// passes. Only apply models from trusted sources.
/// ]]></format>
/// </remarks>
public sealed class ImageFeatureExtractionEstimator : IEstimator<ImageFeatureExtractionTransformer>
{
    private readonly MLContext _context;
    private readonly ImageFeatureExtractionOptions _options;

    internal ImageFeatureExtractionEstimator(MLContext context, ImageFeatureExtractionOptions options)
    {
        options = options.Clone();
        options.Validate();
        _context = context;
        _options = options;
    }

    /// <summary>Loads the backbone; the data's rows are not read.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The column of images is missing or of another type.</exception>
    public ImageFeatureExtractionTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        Backbone backbone = _options.Backbone!;
        if (_options.Preprocessing is not null)
            backbone = Backbone.FromGraph(backbone.Graph, _options.Preprocessing, backbone.Name, backbone.FeatureNode);
        ImagePreprocessing preprocessing = backbone.Preprocessing;
        var names = new ScoringNames(_options.OutputColumnName);
        SessionOpening.Check(_context);
        if (backbone.PreprocessingSource == PreprocessingSource.Default)
        {
            using IChannel channel = ((IHostEnvironment)_context).Register("ExtractImageFeatures").Start("Preprocessing");
            channel.Warning(MessageSensitivity.None, "{0}", AssumedPreprocessing.Warning(backbone, compared: null));
        }
        OnnxGraph cut = BackboneCut.Cut(backbone);
        foreach (string warning in BackboneCut.Warnings(backbone))
            ScoringLog.Warn(_context, warning);
        OnnxGraph network = PreprocessingGraph.Prepend(cut, preprocessing, cropInGraph: true, cut.Inputs[0].Name);
        if (BatchAxis.IsOne(cut))
            network = BatchAxis.State(network, 1);
        OnnxGraph graph = ScoringGraph.Featurizer(network, preprocessing, names, ScoringMetadata.Of(preprocessing));
        var scoring = new ScoringModel(_context, graph, names, preprocessing);
        try
        {
            return new ImageFeatureExtractionTransformer(
                _context,
                scoring,
                ImageColumn.Of(input.Schema, _options.InputColumnName, scoring.Decoder, _options.ImageFolder, _options.UprightWhenSaved)
            );
        }
        catch
        {
            scoring.Dispose();
            throw;
        }
    }

    /// <summary>Checks the input column and adds the output column.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The column of images is missing or of another type.</exception>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        ImageColumn.Check(inputSchema, _options.InputColumnName);
        var added = new DataViewSchema.Builder();
        added.AddColumn(_options.OutputColumnName, new VectorDataViewType(NumberDataViewType.Single, 1));
        return SchemaShapes.Add(inputSchema, added.ToSchema());
    }
}
